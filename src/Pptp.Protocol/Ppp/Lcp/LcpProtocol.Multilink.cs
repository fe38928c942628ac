using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Protocol.Ppp.Lcp;

/// <content>Multilink on this one link (RFC 1990 §5.1): MRRU, short sequence numbers, endpoint discriminator.</content>
internal sealed partial class LcpProtocol
{
    // RFC 1990 §5.1.3: class 4, magic numbers.
    private const byte MagicBlock = 4;
    private const int MagicBlockLength = 16;

    private bool _offerMrru;
    private bool _offerEndpoint;
    private int _mrru;
    private byte[] _endpoint = [];

    /// <summary>Null: the peer did not agree to multilink. Only in Opened.</summary>
    public MultilinkParameters? Multilink => _offerMrru
        ? new MultilinkParameters(_mrru, Peer.Mrru, Peer.ShortSequenceNumbers)
        : null;

    private void ForgetMultilink()
    {
        _offerMrru = options.Mrru is not null;
        if (options.Mrru is not { } mrru) return;
        _offerEndpoint = true;
        _mrru = mrru;
        // A peer takes links of one user and one endpoint for one bundle. Ours carry no more than one link, so each
        // has an endpoint of its own.
        _endpoint = new byte[1 + MagicBlockLength];
        _endpoint[0] = MagicBlock;
        Random.Fill(_endpoint.AsSpan(1));
    }

    private void WriteMultilink(List<PppOption> request)
    {
        if (!_offerMrru) return;
        request.Add(PppOption.Of(LcpOption.MaximumReceiveReconstructedUnit, (ushort)_mrru));
        if (_offerEndpoint) request.Add(new PppOption(LcpOption.EndpointDiscriminator, _endpoint));
    }

    private OptionVerdict JudgeMrru(PppOption option)
    {
        if (!option.TryReadUInt16(out ushort mrru))
            return OptionVerdict.Nak(PppOption.Of(option.Type, (ushort)options.Mrru!.Value));
        if (mrru < SmallestMru) return OptionVerdict.Nak(PppOption.Of(option.Type, SmallestMru));
        _asked = _asked with { Mrru = mrru };
        return OptionVerdict.Ack;
    }

    private void ReceiveMrruNak(PppOption option)
    {
        // As with the MRU: what we have room for in any case (RFC 1990 §5.1.1) is as good as what we asked for.
        int most = Math.Max(options.Mrru!.Value, LcpPeerOptions.DefaultMru);
        if (option.TryReadUInt16(out ushort mrru) && mrru >= SmallestMru && mrru <= most) _mrru = mrru;
    }
}

using System.Net;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp.Ccp;
using Pptp.Protocol.Ppp.Ipcp;
using Pptp.Protocol.Ppp.Lcp;
using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Protocol.Ppp;

/// <content>The network phase (RFC 1661 §3.6): CCP first, IPCP and IPv6CP when encryption is settled.</content>
public sealed partial class PppLink
{
    /// <summary>RouterOS' words when MPPE cannot be agreed.</summary>
    private const string EncryptionRejectedText = "Encryption negotiation rejected";

    // An early packet longer than this is no Configure-Request of a real client.
    private const int EarlyRequestLimit = 256;

    // The MPPE header, and the protocol number that is encrypted with the packet.
    private const int EncryptionOverhead = MppeEncryptor.Overhead + 2;

    // Whatever MRRU it has named, Linux decrypts no packet much longer than its default MRU.
    private const int LongestEncrypted = LcpPeerOptions.DefaultMru;

    private CcpProtocol? _ccp;
    private IpcpProtocol? _ipcp;
    private byte[]? _earlyIpcpRequest;

    private bool IsEncryptionSettled => _ipcp is not null;

    /// <summary>
    /// Asks the peer to reset its encryptor, for packets that cannot be decrypted (RFC 3078 §7.4); does nothing
    /// while CCP is not Opened.
    /// </summary>
    public void SendResetRequest(TimeSpan now)
    {
        _ccp?.SendResetRequest();
    }

    private void StartNetwork(LinkAuthorization authorization, TimeSpan now)
    {
        if (authorization.Encryption == EncryptionPolicy.No)
        {
            StartIpcp(authorization, now);
            return;
        }
        MppeOffer offer = MppeBits.Possible(authorization.Mppe, authorization.Keys);
        if (MppeBits.Strengths(offer) == 0)
        {
            EncryptionRefused(null, "the login gives no encryption keys", now);
            return;
        }
        ControlProtocolTimers timers = _timers with { MaxConfigure = _options.MaxCcpConfigure };
        _ccp = new CcpProtocol(offer, timers, _random, this);
        _ccp.Open(now);
        _ccp.Up(now);
    }

    private void ReceiveNetwork(ushort protocol, ReadOnlySpan<byte> information, TimeSpan now)
    {
        switch (protocol)
        {
            case PppProtocol.Ccp when _ccp is { } ccp:
                ccp.Receive(information, now);
                break;
            case PppProtocol.Ipcp when _ipcp is { } ipcp:
                ipcp.Receive(information, now);
                break;
            case PppProtocol.Ipcp:
                KeepEarlyRequest(information, ref _earlyIpcpRequest);
                break;
            case PppProtocol.Ipv6cp when _ipv6cp is { } ipv6cp:
                ipv6cp.Receive(information, now);
                break;
            case PppProtocol.Ipv6cp when !IsEncryptionSettled && _authorization!.Ipv6 != Ipv6Policy.No:
                KeepEarlyRequest(information, ref _earlyIpv6cpRequest);
                break;
            case PppProtocol.Ipv6 when _ipv6cp is not null:
            case PppProtocol.Ipv4 or PppProtocol.Compressed:
                // Data is not for this object; in the clear, or too early, it is for nobody.
                break;
            case PppProtocol.Pap or PppProtocol.Chap or PppProtocol.Eap:
                // A login packet in the wrong phase (RFC 1334 §2: silently discarded).
                break;
            default:
                _lcp.SendProtocolReject(protocol, information);
                break;
        }
    }

    /// <summary>
    /// Windows sends its IPCP and IPv6CP requests before CCP is open. The newest one waits, so that nobody waits for
    /// its retransmission.
    /// </summary>
    private static void KeepEarlyRequest(ReadOnlySpan<byte> packet, ref byte[]? kept)
    {
        if (packet.IsEmpty || packet[0] != ControlCode.ConfigureRequest || packet.Length > EarlyRequestLimit) return;
        kept = packet.ToArray();
    }

    private void EncryptionOpened(CcpProtocol ccp, TimeSpan now)
    {
        if (ccp.Agreed is not { } agreed)
        {
            const string Detail = "the peer wants another form of MPPE in each direction";
            End(LinkCloseCause.EncryptionRejected, Detail, EncryptionRejectedText, now);
            return;
        }
        Emit(new PppEvent.EncryptionUp(agreed.Strength, agreed.Stateless));
        StartIpcp(_authorization!, now);
    }

    private void EncryptionRefused(CcpProtocol? ccp, string detail, TimeSpan now)
    {
        if (Phase != LinkPhase.Network || IsEncryptionSettled) return;
        if (_authorization!.Encryption == EncryptionPolicy.Required)
        {
            End(LinkCloseCause.EncryptionRejected, detail, EncryptionRejectedText, now);
            return;
        }
        Emit(new PppEvent.EncryptionRefused(detail));
        // Whatever the peer still asks of CCP is answered with a Terminate-Ack from here on.
        ccp?.Close("", now);
        StartIpcp(_authorization, now);
    }

    private void StartIpcp(LinkAuthorization authorization, TimeSpan now)
    {
        _ipcp = new IpcpProtocol(authorization, _timers, _random, this);
        _ipcp.Open(now);
        _ipcp.Up(now);
        if (_earlyIpcpRequest is { } request)
        {
            _earlyIpcpRequest = null;
            _ipcp.Receive(request, now);
        }
        StartIpv6cp(authorization, now);
    }

    private void NetworkOpened(IpcpProtocol ipcp, TimeSpan now)
    {
        if (ipcp.LocalAddress.Equals(IPAddress.Any))
        {
            const string Detail = "the peer gives us no address";
            End(LinkCloseCause.NetworkFailed, Detail, Detail, now);
            return;
        }
        MppeParameters? mppe = null;
        if (_ccp is { State: PppState.Opened } ccp)
        {
            mppe = ccp.Agreed;
            ccp.DataMayHaveFlowed = true;
        }
        IsNetworkUp = true;
        Emit(new PppEvent.NetworkUp(new NetworkParameters
        {
            LocalAddress = ipcp.LocalAddress,
            RemoteAddress = ipcp.RemoteAddress,
            DnsServers = ipcp.DnsServers,
            WinsServers = ipcp.WinsServers,
            GivenDnsServers = ipcp.GivenDnsServers,
            PeerMru = PeerMru,
            Mru = _lcp.OwnMru,
            LinkMtu = Math.Min(_options.Mtu, PeerMru),
            Mtu = MtuOf(_lcp.Multilink, isEncrypted: mppe is not null),
            Multilink = _lcp.Multilink,
            SendProtocolCompressed = _lcp.Peer.ProtocolCompression,
            SendAddressCompressed = _lcp.Peer.AddressCompression,
            Mppe = mppe,
        }));
    }

    private int MtuOf(MultilinkParameters? multilink, bool isEncrypted)
    {
        if (multilink?.PeerMrru is not { } peerMrru) return Math.Min(_options.Mtu, PeerMru);
        int mtu = Math.Min(_options.Mrru!.Value, peerMrru);
        // RFC 1990 §5.1.1 counts what is put together, and that is the encrypted packet: Linux drops a longer one.
        return isEncrypted ? Math.Min(Math.Min(mtu, peerMrru - EncryptionOverhead), LongestEncrypted) : mtu;
    }
}

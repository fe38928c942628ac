using Pptp.Linux;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Appliance.DataPlane;

/// <content>
/// Multilink on this one link (RFC 1990): packets in fragments. Encryption lies above it, so a packet is encrypted as a
/// whole before it is cut, and decrypted when it is whole again.
/// </content>
internal sealed partial class DataPath
{
    /// <summary>Put together or not, what would fit no GRE packet is no control frame of a real peer, and waits for no link.</summary>
    private const int LongestEarlyFrame = GreBatch.DefaultSlotSize;

    // RFC 1661 §5: Configure-Request to Terminate-Ack.
    private const byte LastNegotiatingCode = 6;

    private MultilinkReassembler? _reassembler;

    // Of the packet whose fragments are coming.
    private long _fragmentedPlace;

    /// <summary>The peer may send packets in fragments, of this length when put together, or null: it may not.</summary>
    public void TakeFragments(int? mrru) =>
        _reassembler = mrru is { } octets ? new MultilinkReassembler(octets) : null;

    private void ReceiveFragment(
        MultilinkReassembler reassembler, ReadOnlySpan<byte> information, long place, TimeSpan now)
    {
        if (MultilinkHeader.Begins(information))
            _fragmentedPlace = place;
        if (!reassembler.TryAdd(information, now, out ReadOnlySpan<byte> packet))
            return;
        if (PppFrame.TryParse(packet, out ushort protocol, out int at) && IsTakenFromBundle(protocol, packet[at..]))
            ReceiveWhole(packet, protocol, packet[at..], _fragmentedPlace, now);
        else
            _dropped++;
    }

    private bool IsTakenFromBundle(ushort protocol, ReadOnlySpan<byte> information) => protocol switch
    {
        PppProtocol.Compressed => true,
        PppProtocol.Multilink => false,
        // RFC 1990 §2: what negotiates the link is silently discarded.
        PppProtocol.Lcp => information.Length is > 0 and <= LongestEarlyFrame && information[0] > LastNegotiatingCode,
        _ => Carries(protocol) || information.Length <= LongestEarlyFrame,
    };

    /// <summary>Whether a frame is the first part of an encrypted packet. So each of those is counted once.</summary>
    private bool BeginsEncrypted(ushort protocol, ReadOnlySpan<byte> information) =>
        protocol == PppProtocol.Multilink && _reassembler is not null && MultilinkHeader.Begins(information)
        && PppFrame.TryParse(information[MultilinkHeader.LongLength..], out ushort inner, out _)
        && inner == PppProtocol.Compressed;

    /// <summary>
    /// Whether so many packets may be missing that their count may have gone round. Where fragments come, a GRE number
    /// that is missing may have been a packet or a part of one, so this cannot be known.
    /// </summary>
    private bool IsUncountable(long missing) => _reassembler is not null && missing > MppeDecryptor.MaximumGap;

    /// <summary>Reads a frame that holds a whole packet, with a multilink header or without.</summary>
    private bool TryUnwrap(ReadOnlySpan<byte> frame, out ushort protocol, out ReadOnlySpan<byte> information)
    {
        information = default;
        if (!PppFrame.TryParse(frame, out protocol, out int at))
            return false;
        information = frame[at..];
        if (protocol != PppProtocol.Multilink || _reassembler is null)
            return true;
        if (!MultilinkHeader.IsWhole(information))
            return false;
        ReadOnlySpan<byte> packet = information[MultilinkHeader.LongLength..];
        if (!PppFrame.TryParse(packet, out protocol, out at))
            return false;
        information = packet[at..];
        return true;
    }

    private void SendFragments(
        DataPathParameters open, MultilinkFragmenter fragmenter, Span<byte> protocolAndPacket, TimeSpan now)
    {
        // The batch may hold packets of this call that come before.
        _transmit.Settle();
        Span<byte> whole = _buffers.Whole;
        // RFC 1990 §2: in a bundle there is no FF 03.
        int length = PppFrame.WriteHeader(
            whole, open.Encryptor is null ? ProtocolOf(protocolAndPacket[2..]) : PppProtocol.Compressed,
            compressProtocol: false, compressAddress: true);
        length += WriteInformation(open, protocolAndPacket, whole[length..]);
        int offset = 0;
        while (offset < length)
        {
            Span<byte> packet = _transmit.Next();
            int header = _gre.NextHeaderLength;
            int at = header + PppFrame.WriteHeader(
                packet[header..], PppProtocol.Multilink, open.CompressProtocol, open.OmitAddressAndControl);
            at += fragmenter.WriteNext(whole[..length], ref offset, packet[at..]);
            _gre.WriteHeader(packet, at - header, now);
            _transmit.Commit(Address, at);
        }
    }
}

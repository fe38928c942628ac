namespace Pptp.Protocol.Ppp.Multilink;

/// <summary>Cuts packets that are longer than the peer's MRU into multilink fragments (RFC 1990 §3).</summary>
public sealed class MultilinkFragmenter
{
    private readonly bool _shortNumbers;
    private readonly int _headerLength;

    // RFC 1990 §3: the first fragment of a bundle has number zero.
    private uint _sequence;

    /// <param name="shortNumbers">The peer has asked for sequence numbers of 12 bits.</param>
    /// <param name="limit">The longest information field the peer takes, in octets.</param>
    /// <exception cref="ArgumentOutOfRangeException">No octet fits beside a head.</exception>
    public MultilinkFragmenter(bool shortNumbers, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, MultilinkHeader.LongLength);
        _shortNumbers = shortNumbers;
        _headerLength = shortNumbers ? MultilinkHeader.ShortLength : MultilinkHeader.LongLength;
        Limit = limit;
    }

    /// <summary>The longest information field of a fragment, head included, in octets.</summary>
    public int Limit { get; }

    /// <summary>Writes the next fragment of a packet: its head, and as much of the packet as fits.</summary>
    /// <param name="packet">The whole packet, from its protocol number on.</param>
    /// <param name="offset">Where the fragment begins, zero at first; moved to where it ends.</param>
    /// <param name="destination">At least <see cref="Limit"/> octets.</param>
    /// <returns>The octets written.</returns>
    public int WriteNext(ReadOnlySpan<byte> packet, ref int offset, Span<byte> destination)
    {
        ReadOnlySpan<byte> rest = packet[offset..];
        int length = Math.Min(rest.Length, Limit - _headerLength);
        int flags = (offset == 0 ? MultilinkHeader.Beginning : 0) | (length == rest.Length ? MultilinkHeader.Ending : 0);
        MultilinkHeader.Write(destination, (byte)flags, _sequence, _shortNumbers);
        rest[..length].CopyTo(destination[_headerLength..]);
        _sequence = unchecked(_sequence + 1);
        offset += length;
        return _headerLength + length;
    }
}

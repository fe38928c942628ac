using System.Buffers.Binary;

namespace Pptp.Testing.Calling;

/// <summary>
/// Multilink on one link as RFC 1990 §3 draws it, written a second time: a judge of the server must not share its code.
/// </summary>
/// <param name="shortNumbers">What comes has sequence numbers of 12 bits.</param>
internal sealed class FragmentWire(bool shortNumbers)
{
    private readonly List<byte> _packet = [];
    private uint _expected;
    private uint _next;

    /// <summary>Fragments received.</summary>
    public int Received { get; private set; }

    /// <summary>The longest information field received, with its head.</summary>
    public int Longest { get; private set; }

    /// <summary>Fragments whose number was not the next, from zero on.</summary>
    public int OutOfSequence { get; private set; }

    /// <summary>Cuts a packet, that begins with its protocol number, into frames.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="size">Octets of the packet in each.</param>
    public IEnumerable<byte[]> Cut(byte[] packet, int size)
    {
        for (int at = 0; at < packet.Length; at += size)
        {
            int length = Math.Min(size, packet.Length - at);
            uint head = (at == 0 ? 0x8000_0000 : 0) | (at + length == packet.Length ? 0x4000_0000u : 0)
                | (_next++ & 0x00FF_FFFF);
            byte[] information = new byte[4 + length];
            BinaryPrimitives.WriteUInt32BigEndian(information, head);
            packet.AsSpan(at, length).CopyTo(information.AsSpan(4));
            yield return PppWire.Frame(PppWire.Multilink, information);
        }
    }

    /// <summary>Takes a fragment; gives the packet that it ends, from its protocol number on.</summary>
    public byte[]? Join(ReadOnlySpan<byte> information)
    {
        int head = shortNumbers ? 2 : 4;
        uint number = shortNumbers
            ? BinaryPrimitives.ReadUInt16BigEndian(information) & 0x0FFFu
            : BinaryPrimitives.ReadUInt32BigEndian(information) & 0x00FF_FFFF;
        Received++;
        Longest = Math.Max(Longest, information.Length);
        if (number != (_expected++ & (shortNumbers ? 0x0FFFu : 0x00FF_FFFF)))
            OutOfSequence++;
        if ((information[0] & 0x80) != 0)
            _packet.Clear();
        _packet.AddRange(information[head..]);
        return (information[0] & 0x40) != 0 ? [.. _packet] : null;
    }
}

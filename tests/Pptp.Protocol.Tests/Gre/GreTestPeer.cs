using System.Buffers.Binary;
using Pptp.Protocol.Gre;

namespace Pptp.Protocol.Tests.Gre;

/// <summary>
/// Sends numbered packets to a <see cref="GreCall"/>, whose payload is their own number, and notes in
/// which order the frames come out. Time is in milliseconds.
/// </summary>
internal sealed class GreTestPeer(GreCallOptions? options = null)
{
    public GreCall Call { get; } = new(options ?? new GreCallOptions { PeerCallId = 0x43DC, ReorderLimit = 8 });

    public List<uint> Delivered { get; } = [];

    public double Now { get; set; } = 1_000_000;

    public TimeSpan Time => TimeSpan.FromMilliseconds(Now);

    public GreReceiveResult Receive(uint sequence) => Receive(Data(sequence, null), sequence);

    public GreReceiveResult ReceiveWithAcknowledgement(uint sequence, uint acknowledgement) =>
        Receive(Data(sequence, acknowledgement), sequence);

    public void Receive(params uint[] sequences)
    {
        foreach (uint sequence in sequences)
            Receive(sequence);
    }

    public GreReceiveResult Acknowledge(uint acknowledgement)
    {
        byte[] bytes = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, 0x2081_880B_0000_0000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), acknowledgement);
        Assert.That(GrePacket.TryParse(bytes, out GrePacket packet), Is.True);
        return Call.Receive(packet, Time);
    }

    public void Drain()
    {
        while (Call.TryTakeHeld(Time, out ReadOnlySpan<byte> payload, out uint sequence))
            Note(payload, sequence);
    }

    /// <summary>Lets time go by, then drains; sends no acknowledgement.</summary>
    public void Wait(double milliseconds)
    {
        Now += milliseconds;
        Drain();
    }

    /// <summary>Sends one packet with a payload of one octet and gives the header.</summary>
    public byte[] Send()
    {
        byte[] header = new byte[16];
        int length = Call.WriteHeader(header, 1, Time);
        return header[..length];
    }

    /// <summary>The acknowledgement that is due now, if one is.</summary>
    public byte[]? DueAcknowledgement()
    {
        byte[] packet = new byte[12];
        return Call.TryWriteAcknowledgement(packet, Time, out int length) ? packet[..length] : null;
    }

    private GreReceiveResult Receive(byte[] bytes, uint sequence)
    {
        if (!GrePacket.TryParse(bytes, out GrePacket packet))
            Assert.Fail("the test's own packet is wrong");
        GreReceiveResult result = Call.Receive(packet, Time);
        if (result == GreReceiveResult.Deliver)
            Note(packet.Payload, sequence);
        Drain();
        return result;
    }

    private static byte[] Data(uint sequence, uint? acknowledgement)
    {
        byte[] bytes = new byte[acknowledgement is null ? 16 : 20];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, 0x3001_880B_0004_0000);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), sequence);
        if (acknowledgement is uint number)
        {
            bytes[1] |= 0x80;
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), number);
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 4), sequence);
        return bytes;
    }

    private void Note(ReadOnlySpan<byte> payload, uint sequence)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(payload) != sequence)
            Assert.Fail($"frame {sequence} came out with the payload {Convert.ToHexString(payload)}");
        Delivered.Add(sequence);
    }
}

namespace Pptp.Protocol.Gre;

/// <summary>A copied PPP frame: the first <see cref="Length"/> octets of <see cref="Buffer"/>.</summary>
internal readonly record struct HeldFrame(uint Sequence, byte[] Buffer, int Length, TimeSpan Arrival)
{
    public ReadOnlySpan<byte> Payload => Buffer.AsSpan(0, Length);
}

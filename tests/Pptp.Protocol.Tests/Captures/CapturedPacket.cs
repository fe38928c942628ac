namespace Pptp.Protocol.Tests.Captures;

/// <summary>What went over the wire at once.</summary>
/// <param name="At">Time since the TCP connection was asked for.</param>
/// <param name="FromServer">Which way it went.</param>
/// <param name="IsControl">Over the control connection; else it is a GRE packet without its IP header.</param>
/// <param name="Bytes">Empty for the end of the control connection.</param>
internal sealed record CapturedPacket(TimeSpan At, bool FromServer, bool IsControl, byte[] Bytes)
{
    public bool IsData => !IsControl && (Bytes[0] & 0x10) != 0;

    public uint Sequence => Number(8);

    public bool HasAcknowledgement => !IsControl && (Bytes[1] & 0x80) != 0;

    public uint Acknowledgement => Number(IsData ? 12 : 8);

    /// <summary>The PPP frame; read here by hand, and not by the code under test.</summary>
    public byte[] Frame => IsData ? Bytes[(HasAcknowledgement ? 16 : 12)..] : [];

    public bool IsFrame(string hexadecimalStart) =>
        Convert.ToHexString(Frame).StartsWith(hexadecimalStart.Replace(" ", "", StringComparison.Ordinal));

    private uint Number(int at) =>
        (uint)((Bytes[at] << 24) | (Bytes[at + 1] << 16) | (Bytes[at + 2] << 8) | Bytes[at + 3]);
}

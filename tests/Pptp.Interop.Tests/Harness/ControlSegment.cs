namespace Pptp.Interop.Tests.Harness;

/// <summary>A TCP segment of a control connection that begins with a PPTP message.</summary>
/// <param name="At">Time since the epoch.</param>
/// <param name="FromServer">Which way it went.</param>
/// <param name="MessageType">The control message's type, as 13 for Call-Disconnect-Notify.</param>
internal sealed record ControlSegment(TimeSpan At, bool FromServer, int MessageType)
{
    public const int StopControlConnectionRequest = 3;
    public const int CallDisconnectNotify = 13;

    public static ControlSegment? Parse(TimeSpan at, bool fromServer, ReadOnlySpan<byte> tcp)
    {
        if (tcp.Length < 20)
        {
            return null;
        }

        int header = (tcp[12] >> 4) * 4;
        // RFC 2637 §1.4: length, PPTP message type 1, magic cookie, control message type.
        return tcp.Length >= header + 12 && tcp.Slice(header + 4, 4) is [0x1A, 0x2B, 0x3C, 0x4D]
            ? new(at, fromServer, (tcp[header + 8] << 8) | tcp[header + 9])
            : null;
    }
}

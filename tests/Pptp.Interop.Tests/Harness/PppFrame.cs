namespace Pptp.Interop.Tests.Harness;

/// <summary>
/// A PPP frame as it was on the wire inside enhanced GRE. Parsed here by hand, and not by the code under test.
/// </summary>
/// <param name="At">Time since the epoch.</param>
/// <param name="FromServer">Our daemon sent it, as a server or as a client.</param>
/// <param name="CallId">Of the GRE header: the receiver's.</param>
/// <param name="Protocol">PPP's, as 0xC021.</param>
/// <param name="Information">What follows the protocol field.</param>
internal sealed record PppFrame(TimeSpan At, bool FromServer, int CallId, int Protocol, byte[] Information)
{
    public const int Ipv4 = 0x0021;
    public const int Multilink = 0x003D;
    public const int Compressed = 0x00FD;
    public const int Lcp = 0xC021;
    public const int Pap = 0xC023;

    private const int TerminateRequest = 5;
    private const int EchoRequest = 9;

    /// <summary>One that asks for a sign of life; one with data asks for more than that.</summary>
    public bool IsLcpEchoRequest => Protocol == Lcp && Information is [EchoRequest, ..] && Information.Length == 8;

    public bool IsLcpTerminateRequest => Protocol == Lcp && Information is [TerminateRequest, ..];

    /// <summary>A GRE packet without its IP header; null when it carries no PPP frame.</summary>
    public static PppFrame? Parse(TimeSpan at, bool fromServer, ReadOnlySpan<byte> gre)
    {
        // RFC 2637 §4.1: key always, sequence number (S) only with a payload, acknowledgement (A) if flagged.
        if (gre.Length < 8 || (gre[0] & 0x30) != 0x30 || (gre[1] & 0x07) != 1 || gre[2] != 0x88 || gre[3] != 0x0B)
        {
            return null;
        }

        int callId = (gre[6] << 8) | gre[7];
        int header = 12 + ((gre[1] & 0x80) != 0 ? 4 : 0);
        if (gre.Length <= header)
        {
            return null;
        }

        ReadOnlySpan<byte> ppp = gre[header..];
        if (ppp is [0xFF, 0x03, ..])
        {
            ppp = ppp[2..];
        }

        // RFC 1661 §6.5: an odd first byte is the whole protocol field.
        return ppp switch
        {
            [var one, ..] when (one & 1) != 0 => new(at, fromServer, callId, one, ppp[1..].ToArray()),
            [var high, var low, ..] => new(at, fromServer, callId, (high << 8) | low, ppp[2..].ToArray()),
            _ => null,
        };
    }
}

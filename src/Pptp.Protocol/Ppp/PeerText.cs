using System.Text;

namespace Pptp.Protocol.Ppp;

/// <summary>Text a peer put in a packet, made fit for a log line.</summary>
internal static class PeerText
{
    private const int Limit = 128;

    /// <summary>
    /// The octets as text where all are printable ASCII (pppd's "User request"), else as hexadecimal
    /// (Windows sends binary). At most 128 octets are shown.
    /// </summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Limit) bytes = bytes[..Limit];
        return bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? "0x" + Convert.ToHexString(bytes)
            : Encoding.ASCII.GetString(bytes);
    }
}

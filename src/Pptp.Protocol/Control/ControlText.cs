using System.Text;

namespace Pptp.Protocol.Control;

/// <summary>
/// The fixed text fields of control messages. A field may be full to its last octet without a zero, and
/// may hold any octet: Latin-1 maps each to one character, so nothing a peer sends can fail to decode.
/// </summary>
internal static class ControlText
{
    /// <summary>The text up to the first zero octet or the end of the field.</summary>
    public static string Read(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>
    /// A number field beside its count of valid digits. Clients are known to send the count in the wrong
    /// byte order or as zero beside a number, so a count that cannot be right is ignored.
    /// </summary>
    public static string ReadDigits(ReadOnlySpan<byte> field, int count) =>
        Read(count > 0 && count <= field.Length ? field[..count] : field);

    /// <summary>Fills a zeroed field: characters outside Latin-1 become '?', what does not fit is cut.</summary>
    public static int Write(Span<byte> field, string text)
    {
        ReadOnlySpan<char> fitting = text.AsSpan(0, Math.Min(text.Length, field.Length));
        return Encoding.Latin1.GetBytes(fitting, field);
    }
}

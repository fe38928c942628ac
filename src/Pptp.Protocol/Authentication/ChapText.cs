using System.Text;

namespace Pptp.Protocol.Authentication;

/// <summary>Names and messages on the wire, which have no declared encoding.</summary>
internal static class ChapText
{
    /// <summary>UTF-8 when the bytes are that, else each byte as the character of its number.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    /// <summary>
    /// The same, into memory that can be zeroed; never more characters than bytes. Returns their number.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> bytes, Span<char> characters) =>
        (System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetChars(bytes, characters);

    /// <summary>UTF-8, cut at a character's edge to <paramref name="limit"/> bytes.</summary>
    public static byte[] Encode(string text, int limit)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= limit)
            return bytes;
        while (limit > 0 && (bytes[limit] & 0xC0) == 0x80)
            limit--;
        return bytes[..limit];
    }
}

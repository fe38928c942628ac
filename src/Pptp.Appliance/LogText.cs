using System.Globalization;
using System.Text;

namespace Pptp.Appliance;

/// <summary>Makes text that came from a peer fit for a log line.</summary>
internal static class LogText
{
    private const int MaximumLength = 128;

    /// <summary>Control characters and line ends become <c>\xHH</c> or <c>\uHHHH</c>; what is too long is cut and marked.</summary>
    public static string Escape(string text)
    {
        if (text.Length <= MaximumLength && !text.Any(NeedsEscape))
            return text;
        StringBuilder escaped = new();
        foreach (char c in text)
        {
            if (escaped.Length >= MaximumLength)
                return escaped.Append("...").ToString();
            if (!NeedsEscape(c))
                escaped.Append(c);
            else if (c == '\\')
                escaped.Append(@"\\");
            else if (c < 256)
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}");
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }
        return escaped.ToString();
    }

    /// <summary>The same for bytes, of which those that are ASCII text are shown as such.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes) => Escape(Encoding.Latin1.GetString(bytes));

    // Format characters (Cf) can turn the reading direction of a terminal; surrogates alone are no text.
    private static bool NeedsEscape(char c) =>
        c == '\\' || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}

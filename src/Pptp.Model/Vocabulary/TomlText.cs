using System.Globalization;
using System.Text;

namespace Pptp.Model.Vocabulary;

/// <summary>Writes TOML.</summary>
public static class TomlText
{
    /// <summary>A basic string: quoted, on one line, with control characters escaped.</summary>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder quoted = new(text.Length + 2);
        quoted.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when NeedsEscape(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>One line for a message: control and line-breaking characters escaped, no quotes.</summary>
    public static string Escape(string text) => Quote(text)[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal);

    // Beside control characters those that could reorder or break the line in a terminal.
    private static bool NeedsEscape(char c) => char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;
}

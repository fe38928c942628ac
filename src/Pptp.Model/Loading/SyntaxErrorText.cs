using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Words the parser's complaints so that no secret is repeated in a log.</summary>
internal static class SyntaxErrorText
{
    // The library's signs for the ends of lines.
    private const string LineEnd = "\u2424";
    private const string CarriageReturn = "\u240D";

    // The parser repeats whole words of the text.
    private const int LongestMessage = 160;

    // How far back the line is sought that an open bracket or quote stands on.
    private const int FarthestKey = 100;

    private static readonly string[] SensitiveKeys =
    [
        .. Menus.All.SelectMany(menu => menu.Properties)
            .Where(property => property.IsSensitive)
            .Select(property => property.Name),
    ];

    internal static string Describe(string message, string[] lines, SourcePosition position)
    {
        int last = Math.Min(position.Line, lines.Length);
        int first = Math.Max(1, last - 1);
        while (first > 1 && last - first < FarthestKey && !lines[first - 1].Contains('=', StringComparison.Ordinal))
        {
            first--;
        }

        for (int line = first; line <= last; line++)
        {
            foreach (string key in SensitiveKeys)
            {
                if (lines[line - 1].Contains(key, StringComparison.OrdinalIgnoreCase))
                {
                    return $"is not TOML, near {key} (its text is not shown); a text needs quotes around it";
                }
            }
        }

        return $"is not TOML: {Shorten(message)}";
    }

    // A token over several lines is cut at its first: what the next lines hold was not looked at. A line end that
    // stands alone is the token itself.
    private static string Shorten(string message)
    {
        string shown = message.Replace(CarriageReturn, "", StringComparison.Ordinal);
        int end = shown.IndexOf(LineEnd, StringComparison.Ordinal);
        if (end > 0)
        {
            bool isAlone = (shown[end - 1] is '`' or '[' or ' ')
                && (end == shown.Length - 1 || shown[end + 1] is '`' or ']');
            shown = isAlone
                ? shown.Replace(LineEnd, "end of line", StringComparison.Ordinal)
                : $"{shown[..end]}...";
        }

        return TomlText.Escape(shown.Length <= LongestMessage ? shown : $"{shown[..LongestMessage]}...");
    }
}

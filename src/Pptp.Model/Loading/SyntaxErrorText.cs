using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Words the parser's complaints so that no secret is repeated in a log.</summary>
internal static class SyntaxErrorText
{
    // How many lines before the complaint its cause may begin: an open quote is noticed a line later.
    private const int LinesBefore = 1;

    private static readonly string[] SensitiveKeys =
    [
        .. Menus.All.SelectMany(menu => menu.Properties)
            .Where(property => property.IsSensitive)
            .Select(property => property.Name),
    ];

    internal static string Describe(string message, string[] lines, SourcePosition position)
    {
        int last = Math.Min(position.Line, lines.Length);
        for (int line = Math.Max(1, position.Line - LinesBefore); line <= last; line++)
        {
            foreach (string key in SensitiveKeys)
            {
                if (lines[line - 1].Contains(key, StringComparison.OrdinalIgnoreCase))
                {
                    return $"is not TOML, near {key} (its text is not shown); a text needs quotes around it";
                }
            }
        }

        return $"is not TOML: {TomlText.Escape(message)}";
    }
}

namespace Pptp.Model.Editing;

/// <summary>Puts lines into a text and takes lines out of it; every other character stays as it is.</summary>
internal static class TomlLines
{
    /// <summary>Where the line begins that a place is on.</summary>
    internal static int StartOf(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    /// <summary>Where the line ends that a place is on, before its line end.</summary>
    internal static int EndOf(string text, int at)
    {
        int end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end > at && text[end - 1] == '\r' ? end - 1 : end;
    }

    /// <summary>Where the next line begins; the text's length when there is none.</summary>
    internal static int NextOf(string text, int at) =>
        text.IndexOf('\n', at) is >= 0 and int end ? end + 1 : text.Length;

    /// <summary>How the text ends its lines near a place.</summary>
    internal static string LineEndAt(string text, int at)
    {
        int end = text.IndexOf('\n', Math.Min(at, text.Length));
        end = end < 0 ? text.IndexOf('\n', StringComparison.Ordinal) : end;
        return end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
    }

    /// <summary>Puts a line after the one a place is on, as far in as that of <paramref name="like"/>.</summary>
    internal static string InsertAfter(string text, int at, string line, int like)
    {
        int start = StartOf(text, like);
        int indent = start;
        while (indent < like && text[indent] is ' ' or '\t')
        {
            indent++;
        }

        return text.Insert(EndOf(text, at), LineEndAt(text, at) + text[start..indent] + line);
    }

    /// <summary>Takes out all lines from one place to another.</summary>
    internal static string Remove(string text, int first, int last) =>
        text.Remove(StartOf(text, first), NextOf(text, last) - StartOf(text, first));

    /// <summary>Puts a table before the one whose header begins at <paramref name="before"/>, and before the comment
    /// that stands right above that.</summary>
    internal static string InsertTable(string text, int before, IReadOnlyList<string> lines)
    {
        int at = StartOf(text, before);
        while (at > 0 && text.AsSpan(StartOf(text, at - 1)..at).TrimStart() is ['#', ..])
        {
            at = StartOf(text, at - 1);
        }

        string end = LineEndAt(text, 0);
        bool isApart = at == 0 || IsBlank(text, at - 1);
        return text.Insert(at, (isApart ? "" : end) + string.Join(end, lines) + end + end);
    }

    /// <summary>Puts a table at the end.</summary>
    internal static string AppendTable(string text, IReadOnlyList<string> lines)
    {
        string end = LineEndAt(text, 0);
        bool isEnded = text.Length == 0 || text[^1] == '\n';
        string table = string.Join(end, lines);
        return text.Length == 0 ? table + end
            : isEnded ? text + end + table + end
            : text + end + end + table;
    }

    /// <summary>Takes out a table, and the one blank line that sets it apart.</summary>
    internal static string RemoveTable(string text, TablePlace table)
    {
        int start = StartOf(text, table.Header.Start.Value);
        int first = start > 0 && IsBlank(text, start - 1) ? StartOf(text, start - 1) : start;
        return text.Remove(first, NextOf(text, table.End) - first);
    }

    private static bool IsBlank(string text, int at) =>
        text.AsSpan(StartOf(text, at)..EndOf(text, at)).IsWhiteSpace();
}

using Pptp.Model.Loading;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Pptp.Model.Editing;

/// <summary>A key of a table: where it begins, and from where to where its value goes.</summary>
/// <param name="Text">The value where it is a text; else null.</param>
/// <param name="IsTable">The value is an inline table.</param>
internal sealed record KeyPlace(string Key, int Start, Range Value, string? Text, bool IsTable);

/// <summary>A table: its header, and its keys in order.</summary>
/// <param name="Header">From the first bracket to behind the last one.</param>
internal sealed record TablePlace(string Name, Range Header, IReadOnlyList<KeyPlace> Keys)
{
    /// <summary>Behind the last thing that belongs to it: its last value, else its header.</summary>
    internal int End => Keys.Count > 0 ? Keys[^1].Value.End.Value : Header.End.Value;

    internal KeyPlace? Find(string key) => Keys.FirstOrDefault(place => place.Key == key);
}

/// <summary>Finds where in a well-formed text its tables and their keys stand.</summary>
internal static class TomlPlaces
{
    internal static IReadOnlyList<TablePlace> Find(string text)
    {
        // As the reader does it, which has found no error in the text.
        DocumentSyntax syntax = SyntaxParser.Parse(text + '\n', "", validate: false);
        List<TablePlace> tables = [];
        foreach (TableSyntaxBase table in syntax.Tables)
        {
            if (table is { Name: { } name, OpenBracket: { } open, CloseBracket: { } close }
                && TomlReader.KeyText(name) is { } key)
            {
                Range header = open.Span.Start.Offset..(close.Span.End.Offset + 1);
                tables.Add(new(key, header, [.. table.Items.Select(Place).OfType<KeyPlace>()]));
            }
        }

        return tables;
    }

    private static KeyPlace? Place(KeyValueSyntax pair)
    {
        if (pair.Key is not { } key || TomlReader.KeyText(key) is not { } name || pair.Value is not { } value)
        {
            return null;
        }

        Range range = value.Span.Start.Offset..(value.Span.End.Offset + 1);
        string? text = (value as StringValueSyntax)?.Value;
        return new(name, key.Span.Start.Offset, range, text, value is InlineTableSyntax);
    }
}

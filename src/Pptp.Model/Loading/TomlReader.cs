using Pptp.Model.Vocabulary;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Pptp.Model.Loading;

/// <summary>Turns TOML text into tables of entries with their places.</summary>
internal static class TomlReader
{
    internal static ConfigurationDocument Read(string path, string text, FileFindings findings)
    {
        DocumentSyntax syntax;
        try
        {
            // Without the library's own validation: it stops at what is only a repeated key, and words it by itself.
            // The line end because 2.10 of the library throws when a text ends within an escape.
            syntax = SyntaxParser.Parse(text + '\n', path, validate: false);
        }
        catch (TomlException)
        {
            // What the parser throws for: arrays and inline tables nested beyond its depth.
            findings.Error("is not TOML: it is nested too deeply");
            return new(findings, [], [], IsComplete: false);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException
            or IndexOutOfRangeException or NullReferenceException or OverflowException)
        {
            // A mistake of the library about malformed text is a mistake of the text all the same.
            findings.Error("is not TOML");
            return new(findings, [], [], IsComplete: false);
        }

        ReportSyntaxErrors(syntax, text, findings);
        List<ConfigurationTable> tables = [];
        foreach (TableSyntaxBase table in syntax.Tables)
        {
            SourcePosition position = Position(table.Name ?? (SyntaxNode)table);
            if (table.Name is { } name && KeyText(name) is { } key)
            {
                List<ConfigurationEntry> entries = ReadEntries(table.Items, key, findings);
                tables.Add(new(key, table is TableArraySyntax, position, entries));
            }
        }

        return new(findings, ReadEntries(syntax.KeyValues, "", findings), tables, !syntax.HasErrors);
    }

    private static void ReportSyntaxErrors(DocumentSyntax syntax, string text, FileFindings findings)
    {
        // One slip makes the parser complain several times on its way to the next line.
        IEnumerable<DiagnosticMessage> first = syntax.Diagnostics
            .Where(message => message.Kind == DiagnosticMessageKind.Error)
            .OrderBy(message => message.Span.Start.Line)
            .ThenBy(message => message.Span.Start.Column)
            .DistinctBy(message => message.Span.Start.Line);
        string[] lines = text.Split('\n');
        int previous = 0;
        foreach (DiagnosticMessage message in first)
        {
            SourcePosition position = Position(message.Span.Start);
            bool isAtLineEnd = message.Span.Start.Offset is var at and >= 0
                && (at >= text.Length || text[at] is '\n' or '\r');
            if (isAtLineEnd && position.Line == previous + 1)
            {
                continue; // still stumbling over the line before
            }

            previous = position.Line;
            findings.Error(position, "", SyntaxErrorText.Describe(message.Message, lines, position));
        }
    }

    private static List<ConfigurationEntry> ReadEntries(
        IEnumerable<KeyValueSyntax> pairs, string table, FileFindings findings)
    {
        List<ConfigurationEntry> entries = [];
        Dictionary<string, SourcePosition> seen = new(StringComparer.Ordinal);
        foreach (KeyValueSyntax pair in pairs)
        {
            if (pair.Key is not { } keySyntax || KeyText(keySyntax) is not { } key || pair.Value is not { } value)
            {
                continue; // a syntax error, told already
            }

            SourcePosition position = Position(keySyntax);
            if (!seen.TryAdd(key, position))
            {
                string full = table.Length == 0 ? key : $"{table}.{key}";
                findings.Error(position, TomlText.Escape(full), $"is set twice, first on line {seen[key].Line}");
                continue;
            }

            entries.Add(new(key, position, ReadValue(value, findings)));
        }

        return entries;
    }

    private static ConfigurationValue ReadValue(ValueSyntax? value, FileFindings findings)
    {
        SourcePosition position = value is null ? SourcePosition.Start : Position(value);
        return value switch
        {
            StringValueSyntax text => new ConfigurationValue.Text(text.Value ?? "", position),
            IntegerValueSyntax integer => new ConfigurationValue.Integer(integer.Value, position),
            BooleanValueSyntax boolean => new ConfigurationValue.Boolean(boolean.Value, position),
            ArraySyntax array => new ConfigurationValue.List(
                [.. array.Items.Where(item => item.Value is not null).Select(item => ReadValue(item.Value, findings))],
                position),
            InlineTableSyntax table => new ConfigurationValue.Table(
                [.. ReadEntries(table.Items.Select(item => item.KeyValue!), "", findings)], position),
            DateTimeValueSyntax { Kind: SyntaxKind.LocalTime } time =>
                new ConfigurationValue.TimeOfDay(time.Token?.Text ?? "", position),
            FloatValueSyntax { Token.Text: { } number } => new ConfigurationValue.Other(number, position),
            _ => new ConfigurationValue.Other("a date", position),
        };
    }

    /// <summary>The key with its dots; null when it was not understood.</summary>
    internal static string? KeyText(KeySyntax key)
    {
        if (KeyText(key.Key) is not { } text)
        {
            return null;
        }

        foreach (DottedKeyItemSyntax item in key.DotKeys)
        {
            if (KeyText(item.Key) is not { } part)
            {
                return null;
            }

            text = $"{text}.{part}";
        }

        return text;
    }

    private static string? KeyText(BareKeyOrStringValueSyntax? key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text,
        StringValueSyntax text => text.Value,
        _ => null,
    };

    private static SourcePosition Position(SyntaxNode node) => Position(node.Span.Start);

    private static SourcePosition Position(TextPosition position) =>
        new(Math.Max(0, position.Line) + 1, Math.Max(0, position.Column) + 1);
}

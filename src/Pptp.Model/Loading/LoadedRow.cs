using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>A row with where it and each of its properties stand.</summary>
internal sealed class LoadedRow<TRow>(
    MenuDefinition<TRow> menu, TRow value, FileFindings findings, SourcePosition place)
{
    private readonly Dictionary<string, (FileFindings File, ConfigurationEntry Entry)> _entries =
        new(StringComparer.Ordinal);

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    internal TRow Value { get; set; } = value;

    internal FileFindings Findings => findings;

    internal SourcePosition Place => place;

    /// <summary>Whether a file sets the property, be it wrongly.</summary>
    internal bool IsSet(string property) => _entries.ContainsKey(property);

    /// <summary>Whether a file sets the property to a value of its type.</summary>
    internal bool IsRead(string property) => _read.Contains(property);

    /// <summary>Takes the row with one more property set.</summary>
    internal void Read(string property, TRow changed)
    {
        _read.Add(property);
        Value = changed;
    }

    /// <summary>Notes where a property is set; false when it was set before, as <paramref name="first"/>.</summary>
    internal bool TryNote(FileFindings file, ConfigurationEntry entry, out string first)
    {
        if (_entries.TryAdd(entry.Key, (file, entry)))
        {
            first = "";
            return true;
        }

        (FileFindings before, ConfigurationEntry at) = _entries[entry.Key];
        first = $"{before.File}:{at.Position}";
        return false;
    }

    /// <summary>An error of a property, at its value; at the row when the property is not set.</summary>
    internal void Error(string property, string message)
    {
        (FileFindings file, SourcePosition position) = Locate(property);
        file.Error(position, $"{menu.Table}.{property}", message);
    }

    internal void Warning(string property, string message)
    {
        (FileFindings file, SourcePosition position) = Locate(property);
        file.Warning(position, $"{menu.Table}.{property}", message);
    }

    /// <summary>A finding about a member of a property's list, at that member.</summary>
    internal void Report(string property, int? item, string message, ConfigurationSeverity severity)
    {
        (FileFindings file, SourcePosition position) = Locate(property);
        if (item is { } index && _entries.TryGetValue(property, out (FileFindings File, ConfigurationEntry Entry) at)
            && at.Entry.Value is ConfigurationValue.List list && index < list.Items.Count)
        {
            position = list.Items[index].Position;
        }

        if (severity == ConfigurationSeverity.Error)
        {
            file.Error(position, $"{menu.Table}.{property}", message);
        }
        else
        {
            file.Warning(position, $"{menu.Table}.{property}", message);
        }
    }

    /// <summary>Where the row stands, to be named in the message about another.</summary>
    internal string Describe() => $"{findings.File}:{place}";

    private (FileFindings File, SourcePosition Position) Locate(string property) =>
        _entries.TryGetValue(property, out (FileFindings File, ConfigurationEntry Entry) at)
            ? (at.File, at.Entry.Value.Position)
            : (findings, place);
}

using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Collects the rows of one menu, as its declaration says.</summary>
internal sealed class MenuRows<TRow>(MenuDefinition<TRow> menu) : MenuRows
{
    private const string NameKey = "name";

    private readonly List<LoadedRow<TRow>> _rows = [];
    private readonly Dictionary<(string File, string Property), Ineffective> _ineffective = [];

    internal override MenuDefinition Menu => menu;

    internal IReadOnlyList<LoadedRow<TRow>> Rows => _rows;

    /// <summary>The row of a singleton; its defaults when no file mentions it.</summary>
    internal LoadedRow<TRow> Single(FileFindings main) =>
        _rows.Count > 0 ? _rows[0] : new(menu, menu.EmptyRow, main, SourcePosition.Start);

    internal override void Add(FileFindings findings, ConfigurationTable table)
    {
        LoadedRow<TRow> row;
        if (menu.Kind == MenuKind.Singleton && _rows.Count > 0)
        {
            row = _rows[0]; // a later file may go on with what an earlier one began
        }
        else
        {
            row = new(menu, StartingRow(table), findings, table.Position);
            _rows.Add(row);
        }

        HashSet<string> mentioned = new(StringComparer.Ordinal);
        foreach (ConfigurationEntry entry in table.Entries)
        {
            mentioned.Add(entry.Key);
            Set(row, findings, entry);
        }

        foreach (PropertyDefinition<TRow> property in menu.Properties)
        {
            if (property.IsRequired && !mentioned.Contains(property.Name))
            {
                findings.Error(table.Position, menu.Table, $"lacks {property.Name}: {property.Help}");
            }
        }
    }

    /// <summary>Warns once for each property and file of what was set in vain, however many rows set it.</summary>
    internal override void WarnOfIneffective()
    {
        foreach (Ineffective found in _ineffective.Values)
        {
            string where = found.Rows == 1 ? "" : $" (in {found.Rows} tables)";
            string why = found.Property.Effect == PropertyEffect.Later
                ? "has no effect yet"
                : "has no effect: this server does not need it";
            found.Findings.Warning(
                found.Position, $"{menu.Table}.{found.Property.Name}", $"is accepted, but {why}{where}");
        }
    }

    private void Set(LoadedRow<TRow> row, FileFindings findings, ConfigurationEntry entry)
    {
        string key = $"{menu.Table}.{TomlText.Escape(entry.Key)}";
        if (menu.Find(entry.Key) is not { } property)
        {
            findings.Error(entry.Position, key, menu.WhyAbsent(entry.Key) ?? UnknownName.Describe(
                "property", entry.Key, menu.Properties.Where(p => !p.IsReadOnly).Select(p => p.Name)));
            return;
        }

        if (!row.TryNote(findings, entry, out string first))
        {
            findings.Error(entry.Position, key, $"is set twice, first at {first}");
            return;
        }

        List<ValueComplaint> complaints = [];
        if (property.TryRead(row.Value, entry.Value, complaints, out TRow changed))
        {
            row.Read(entry.Key, changed);
            NoteIneffective(row, findings, entry, property);
        }

        foreach (ValueComplaint complaint in complaints)
        {
            findings.Error(complaint.Position, key, complaint.Message);
        }
    }

    private void NoteIneffective(
        LoadedRow<TRow> row, FileFindings findings, ConfigurationEntry entry, PropertyDefinition<TRow> property)
    {
        if (property.Effect is PropertyEffect.Now or PropertyEffect.Note || property.IsDefault(row.Value))
        {
            return;
        }

        (string, string) key = (findings.File, property.Name);
        _ineffective[key] = _ineffective.TryGetValue(key, out Ineffective? before)
            ? before with { Rows = before.Rows + 1 }
            : new(findings, entry.Position, property, 1);
    }

    // A row named like a built-in one changes that one.
    private TRow StartingRow(ConfigurationTable table)
    {
        PropertyDefinition<TRow>? name = menu.Find(NameKey);
        foreach (ConfigurationEntry entry in table.Entries)
        {
            if (entry is { Key: NameKey, Value: ConfigurationValue.Text text } && name is not null)
            {
                foreach (TRow builtIn in menu.BuiltIn)
                {
                    if (name.Format(builtIn) == text.Value)
                    {
                        return builtIn;
                    }
                }
            }
        }

        return menu.EmptyRow;
    }

    private sealed record Ineffective(
        FileFindings Findings, SourcePosition Position, PropertyDefinition Property, int Rows);
}

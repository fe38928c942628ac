using Pptp.Model.Vocabulary;

namespace Pptp.Model.Editing;

/// <summary>Makes changes in the texts of the files. What the values amount to together is checked afterwards.</summary>
internal static class EditApplication
{
    private const string NameKey = "name";
    private const string ServiceKey = "service";
    private const string AnyService = "any";

    /// <exception cref="EditRefusedException">It cannot be made.</exception>
    internal static void Apply(EditedFiles files, ConfigurationEdit edit)
    {
        switch (edit)
        {
            case ConfigurationEdit.Set set:
                Set(files, set);
                break;
            case ConfigurationEdit.Unset unset:
                Unset(files, unset.Row, Writable(unset.Row.Menu, unset.Property).Name);
                break;
            case ConfigurationEdit.Add add:
                Add(files, add);
                break;
            case ConfigurationEdit.Remove remove:
                Remove(files, remove.Row);
                break;
        }
    }

    private static void Set(EditedFiles files, ConfigurationEdit.Set set)
    {
        PropertyDefinition property = Writable(set.Row.Menu, set.Property);
        if (Write(set.Row.Menu, property, set.Value) is not { } value)
        {
            Unset(files, set.Row, property.Name);
            return;
        }

        List<(string Path, TablePlace Table)> tables = FindTables(files, set.Row);
        if (tables.Count == 0)
        {
            Begin(files, set.Row, $"{property.Name} = {value}");
            return;
        }

        (string path, TablePlace table) = TableThatSets(tables, property.Name);
        string text = files[path];
        if (table.Find(property.Name) is not { } place)
        {
            int like = table.Keys.Count > 0 ? table.Keys[^1].Start : table.Header.Start.Value;
            files[path] = TomlLines.InsertAfter(text, table.End, $"{property.Name} = {value}", like);
            return;
        }

        MustBeOurs(set.Row, place);
        (int start, int length) = place.Value.GetOffsetAndLength(text.Length);
        files[path] = text.Remove(start, length).Insert(start, value);
    }

    private static void Unset(EditedFiles files, RowName row, string property)
    {
        List<(string Path, TablePlace Table)> tables = FindTables(files, row);
        if (tables.Count == 0)
        {
            return;
        }

        (string path, TablePlace table) = TableThatSets(tables, property);
        if (table.Find(property) is { } place)
        {
            MustBeOurs(row, place);
            files[path] = TomlLines.Remove(files[path], place.Start, place.Value.End.Value);
        }
    }

    private static void Add(EditedFiles files, ConfigurationEdit.Add add)
    {
        if (add.Menu.Kind != MenuKind.Table)
        {
            throw new EditRefusedException($"{add.Menu.Path} has one row only");
        }

        List<string> lines = [add.Menu.Header];
        foreach ((string name, ConfigurationValue value) in add.Properties)
        {
            PropertyDefinition property = Writable(add.Menu, name);
            if (Write(add.Menu, property, value) is { } written)
            {
                lines.Add($"{property.Name} = {written}");
            }
        }

        AddTable(files, add.Menu, lines);
    }

    private static void Remove(EditedFiles files, RowName row)
    {
        if (row.Menu.Kind != MenuKind.Table)
        {
            throw new EditRefusedException($"{row} cannot be removed");
        }

        if (IsBuiltIn(row))
        {
            throw new EditRefusedException($"{row} is built in and cannot be removed");
        }

        (string path, TablePlace table) = FindTables(files, row)[0];
        files[path] = TomlLines.RemoveTable(files[path], table);
    }

    /// <summary>Begins the table of a row that exists without one.</summary>
    private static void Begin(EditedFiles files, RowName row, string line)
    {
        List<string> lines = [row.Menu.Header];
        if (row.Name is { } name)
        {
            lines.Add($"{NameKey} = {TomlText.Quote(name)}");
        }

        lines.Add(line);
        AddTable(files, row.Menu, lines);
    }

    /// <summary>To the file that holds the menu's last row, behind it; else to the main file's end.</summary>
    private static void AddTable(EditedFiles files, MenuDefinition menu, List<string> lines)
    {
        (string? path, TablePlace? last) = files.Tables(menu.Table).LastOrDefault();
        path ??= files.Main;
        string text = files[path];
        TablePlace? next = last is null ? null : TomlPlaces.Find(text)
            .FirstOrDefault(table => table.Header.Start.Value > last.Header.Start.Value);
        files[path] = next is null
            ? TomlLines.AppendTable(text, lines)
            : TomlLines.InsertTable(text, next.Header.Start.Value, lines);
    }

    /// <summary>The row's tables: of a singleton one in each file that mentions it; none for what exists without.</summary>
    private static List<(string Path, TablePlace Table)> FindTables(EditedFiles files, RowName row)
    {
        if (row.Menu.Kind == MenuKind.Singleton)
        {
            return [.. files.Tables(row.Menu.Table)];
        }

        List<(string Path, TablePlace Table)> found =
        [
            .. files.Tables(row.Menu.Table).Where(at => at.Table.Find(NameKey)?.Text == row.Name
                && (row.Service is null || (at.Table.Find(ServiceKey)?.Text ?? AnyService) == row.Service)),
        ];
        return found.Count switch
        {
            0 when !IsBuiltIn(row) => throw new EditRefusedException($"{row}: no such item"),
            > 1 => throw new EditRefusedException($"{row}: there are several; the service tells them apart"),
            _ => found,
        };
    }

    private static (string Path, TablePlace Table) TableThatSets(
        List<(string Path, TablePlace Table)> tables, string property)
    {
        int at = tables.FindIndex(table => table.Table.Find(property) is not null);
        return tables[Math.Max(at, 0)];
    }

    private static bool IsBuiltIn(RowName row) =>
        row.Menu == Menus.PppProfile && PppProfile.BuiltIn.Any(profile => profile.Name == row.Name);

    private static PropertyDefinition Writable(MenuDefinition menu, string name)
    {
        PropertyDefinition property = menu.Properties.FirstOrDefault(property => property.Name == name)
            ?? throw new EditRefusedException($"unknown parameter {TomlText.Escape(name)}");
        return property.IsReadOnly
            ? throw new EditRefusedException($"{menu.Table}.{name} is told by the server and cannot be set")
            : property;
    }

    /// <summary>The value as TOML; null for one that is written by leaving the key out.</summary>
    private static string? Write(MenuDefinition menu, PropertyDefinition property, ConfigurationValue value)
    {
        List<ValueComplaint> complaints = [];
        return property.TryWrite(value, complaints, out string? toml)
            ? toml
            : throw new EditRefusedException($"{menu.Table}.{property.Name}: {complaints[0].Message}");
    }

    // { file = "..." }: somebody else keeps that file.
    private static void MustBeOurs(RowName row, KeyPlace place)
    {
        if (place.IsTable)
        {
            throw new EditRefusedException($"{row}: {place.Key} is kept in a file of its own and is changed there");
        }
    }
}

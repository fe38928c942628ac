namespace Pptp.Model.Vocabulary;

/// <summary>One menu: its path, its TOML table and its properties.</summary>
public abstract class MenuDefinition
{
    private protected MenuDefinition(string path, string table, MenuKind kind, string help)
    {
        Path = path;
        Table = table;
        Kind = kind;
        Help = help;
    }

    /// <summary>As the RouterOS console has it: <c>/ppp secret</c>.</summary>
    public string Path { get; }

    /// <summary>The table of pptpd.toml: <c>ppp-secret</c>.</summary>
    public string Table { get; }

    public MenuKind Kind { get; }

    /// <summary>One sentence.</summary>
    public string Help { get; }

    /// <summary>What is to be said beyond the properties, in Markdown; null: nothing.</summary>
    public string? Remark { get; init; }

    /// <summary>In the order RouterOS prints them.</summary>
    public abstract IReadOnlyList<PropertyDefinition> Properties { get; }

    /// <summary>The table's header: <c>[[ppp-secret]]</c>.</summary>
    public string Header => Kind == MenuKind.Table ? $"[[{Table}]]" : $"[{Table}]";
}

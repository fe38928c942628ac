using System.Collections.Frozen;

namespace Pptp.Model.Vocabulary;

/// <summary>One menu with rows of <typeparamref name="TRow"/>.</summary>
public sealed class MenuDefinition<TRow> : MenuDefinition
{
    private readonly FrozenDictionary<string, PropertyDefinition<TRow>> _byName;
    private readonly IReadOnlyDictionary<string, string> _absent;

    internal MenuDefinition(
        string path,
        string table,
        MenuKind kind,
        string help,
        TRow emptyRow,
        IReadOnlyList<TRow> builtIn,
        IReadOnlyList<PropertyDefinition<TRow>> properties,
        IReadOnlyDictionary<string, string> absent)
        : base(path, table, kind, help)
    {
        EmptyRow = emptyRow;
        BuiltIn = builtIn;
        Properties = properties;
        _absent = absent;
        _byName = properties.ToFrozenDictionary(property => property.Name, StringComparer.Ordinal);
    }

    /// <summary>The row that says nothing: every property has its default.</summary>
    public TRow EmptyRow { get; }

    /// <summary>Rows that exist without being configured; a row of the same name changes them.</summary>
    public IReadOnlyList<TRow> BuiltIn { get; }

    public override IReadOnlyList<PropertyDefinition<TRow>> Properties { get; }

    public PropertyDefinition<TRow>? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Why the menu lacks a property that one could look for; null: there is nothing to say.</summary>
    internal string? WhyAbsent(string name) => _absent.GetValueOrDefault(name);
}

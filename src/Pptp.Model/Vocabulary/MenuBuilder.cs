namespace Pptp.Model.Vocabulary;

/// <summary>Declares a menu, property by property.</summary>
/// <param name="path">As the RouterOS console has it.</param>
/// <param name="table">The table of pptpd.toml.</param>
/// <param name="kind">One row or many.</param>
/// <param name="emptyRow">A row whose members have their defaults: the only place that states them.</param>
/// <param name="help">One sentence.</param>
internal sealed class MenuBuilder<TRow>(string path, string table, MenuKind kind, TRow emptyRow, string help)
{
    private readonly List<PropertyDefinition<TRow>> _properties = [];
    private readonly Dictionary<string, string> _absent = new(StringComparer.Ordinal);
    private IReadOnlyList<TRow> _builtIn = [];
    private string? _remark;

    internal MenuBuilder<TRow> WithBuiltIn(IReadOnlyList<TRow> rows)
    {
        _builtIn = rows;
        return this;
    }

    /// <summary>Says in Markdown, after the properties, what no single one of them says.</summary>
    internal MenuBuilder<TRow> WithRemark(string remark)
    {
        _remark = remark;
        return this;
    }

    /// <summary>Says why a property is none of this menu that one could look for here.</summary>
    internal MenuBuilder<TRow> WithoutProperty(string name, string why)
    {
        _absent.Add(name, why);
        return this;
    }

    internal MenuBuilder<TRow> Add<TValue>(
        string name,
        PropertyType<TValue> type,
        Func<TRow, TValue> get,
        Func<TRow, TValue, TRow> with,
        string help,
        PropertyEffect effect = PropertyEffect.Now,
        PropertyOrigin origin = PropertyOrigin.RouterOs,
        bool required = false,
        bool sensitive = false)
    {
        _properties.Add(new ConfiguredProperty<TRow, TValue>(name, help, type, emptyRow, get, with)
        {
            Effect = effect,
            Origin = origin,
            IsRequired = required,
            IsSensitive = sensitive,
        });
        return this;
    }

    internal MenuBuilder<TRow> AddReadOnly(string name, PropertyType type, string help)
    {
        _properties.Add(new ReadOnlyProperty<TRow>(name, help, type));
        return this;
    }

    internal MenuDefinition<TRow> Build() =>
        new(path, table, kind, help, emptyRow, _builtIn, _properties, _absent) { Remark = _remark };
}

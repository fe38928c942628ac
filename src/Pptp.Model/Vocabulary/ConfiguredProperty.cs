namespace Pptp.Model.Vocabulary;

/// <summary>A property that is kept in a member of the row's record.</summary>
internal sealed class ConfiguredProperty<TRow, TValue> : PropertyDefinition<TRow>
{
    private readonly PropertyType<TValue> _type;
    private readonly TRow _emptyRow;
    private readonly Func<TRow, TValue> _get;
    private readonly Func<TRow, TValue, TRow> _with;

    internal ConfiguredProperty(
        string name,
        string help,
        PropertyType<TValue> type,
        TRow emptyRow,
        Func<TRow, TValue> get,
        Func<TRow, TValue, TRow> with)
        : base(name, help)
    {
        _type = type;
        _emptyRow = emptyRow;
        _get = get;
        _with = with;
    }

    public override PropertyType Type => _type;

    public override string DefaultText => Format(_emptyRow);

    public override bool TryRead(
        TRow row, ConfigurationValue value, ICollection<ValueComplaint> complaints, out TRow changed)
    {
        bool read = _type.TryRead(value, complaints, out TValue? result);
        changed = read ? _with(row, result!) : row;
        return read;
    }

    public override bool TryWrite(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out string? toml)
    {
        bool read = _type.TryRead(value, complaints, out TValue? result);
        toml = read ? _type.FormatToml(result!) : null;
        return read;
    }

    public override string Format(TRow row) => _type.Format(_get(row));

    public override string? FormatToml(TRow row) =>
        IsSensitive ? _type.FormatMasked(_get(row)) : _type.FormatToml(_get(row));

    public override bool IsDefault(TRow row) => EqualityComparer<TValue>.Default.Equals(_get(row), _get(_emptyRow));
}

namespace Pptp.Model.Vocabulary;

/// <summary>A property the daemon tells at run time; the configuration knows that it exists, not its value.</summary>
internal sealed class ReadOnlyProperty<TRow> : PropertyDefinition<TRow>
{
    internal ReadOnlyProperty(string name, string help, PropertyType type)
        : base(name, help)
    {
        Type = type;
        IsReadOnly = true;
    }

    public override PropertyType Type { get; }

    public override string DefaultText => "";

    public override bool TryRead(
        TRow row, ConfigurationValue value, ICollection<ValueComplaint> complaints, out TRow changed)
    {
        changed = row;
        return TryWrite(value, complaints, out _);
    }

    public override bool TryWrite(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out string? toml)
    {
        complaints.Add(new(value.Position, "is told by the server and cannot be set"));
        toml = null;
        return false;
    }

    public override string Format(TRow row) => "";

    public override string? FormatToml(TRow row) => null;

    public override bool IsDefault(TRow row) => true;
}

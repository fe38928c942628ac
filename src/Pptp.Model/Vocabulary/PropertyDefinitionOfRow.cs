namespace Pptp.Model.Vocabulary;

/// <summary>One property of the rows of a menu.</summary>
public abstract class PropertyDefinition<TRow> : PropertyDefinition
{
    private protected PropertyDefinition(string name, string help)
        : base(name, help)
    {
    }

    /// <summary>Gives a row with the value set. False, with complaints, when the value is refused.</summary>
    public abstract bool TryRead(
        TRow row, ConfigurationValue value, ICollection<ValueComplaint> complaints, out TRow changed);

    /// <summary>The row's value as RouterOS text; empty: none. A sensitive value is shown.</summary>
    public abstract string Format(TRow row);

    /// <summary>The row's value as TOML, sensitive ones masked; null: none.</summary>
    public abstract string? FormatToml(TRow row);

    /// <summary>Whether the row has the value a row has that says nothing of it.</summary>
    public abstract bool IsDefault(TRow row);
}

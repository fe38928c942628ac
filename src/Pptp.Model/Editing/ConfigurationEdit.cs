using Pptp.Model.Vocabulary;

namespace Pptp.Model.Editing;

/// <summary>One change of the configuration. A value is as a front hands it in: RouterOS text, mostly.</summary>
public abstract record ConfigurationEdit
{
    private ConfigurationEdit()
    {
    }

    /// <summary>Gives a property of a row a value; a singleton or a built-in row that no file mentions is begun.</summary>
    public sealed record Set(RowName Row, string Property, ConfigurationValue Value) : ConfigurationEdit
    {
        public Set(RowName row, string property, string text)
            : this(row, property, new ConfigurationValue.Text(text, SourcePosition.Start))
        {
        }
    }

    /// <summary>Takes a property out of a row, so that it has its default; no change where it is not set.</summary>
    public sealed record Unset(RowName Row, string Property) : ConfigurationEdit;

    /// <summary>Adds a row with these properties, its name among them.</summary>
    public sealed record Add(MenuDefinition Menu, IReadOnlyList<KeyValuePair<string, ConfigurationValue>> Properties)
        : ConfigurationEdit;

    /// <summary>Removes a row, with the comments between its keys.</summary>
    public sealed record Remove(RowName Row) : ConfigurationEdit;

    /// <summary>RouterOS' <c>enable</c>.</summary>
    public static ConfigurationEdit Enable(RowName row) => new Set(row, "disabled", "no");

    /// <summary>RouterOS' <c>disable</c>.</summary>
    public static ConfigurationEdit Disable(RowName row) => new Set(row, "disabled", "yes");
}

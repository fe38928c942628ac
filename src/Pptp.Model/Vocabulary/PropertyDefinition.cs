namespace Pptp.Model.Vocabulary;

/// <summary>One property of a menu: all that is said about it, once.</summary>
public abstract class PropertyDefinition
{
    private protected PropertyDefinition(string name, string help)
    {
        Name = name;
        Help = help;
    }

    /// <summary>As RouterOS spells it: <c>max-mtu</c>.</summary>
    public string Name { get; }

    /// <summary>One sentence.</summary>
    public string Help { get; }

    public abstract PropertyType Type { get; }

    public PropertyOrigin Origin { get; init; }

    public PropertyEffect Effect { get; init; }

    /// <summary>A row without it is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Never shown to who may not see secrets, and never in a message.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>Told by the daemon, never set.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Reads a value and writes it as TOML, a sensitive one unmasked, for the configuration's file alone. False,
    /// with complaints, when the value is refused.</summary>
    /// <param name="value">As a front hands it in.</param>
    /// <param name="complaints">Takes what is wrong with it.</param>
    /// <param name="toml">Null for a value that is written by leaving the key out.</param>
    public abstract bool TryWrite(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out string? toml);

    /// <summary>The default as RouterOS text; empty: none.</summary>
    public abstract string DefaultText { get; }
}

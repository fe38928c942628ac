namespace Pptp.Model;

/// <summary>What a finding means for the configuration.</summary>
public enum ConfigurationSeverity
{
    /// <summary>It is used as it stands; the operator should know.</summary>
    Warning,

    /// <summary>It is not used.</summary>
    Error,
}

namespace Pptp.Model;

/// <summary>What becomes of the name servers that a server gives us.</summary>
public enum UsePeerDns
{
    /// <summary>They are not asked for.</summary>
    No,

    /// <summary>They go before the host's own.</summary>
    Yes,

    /// <summary>The host asks nobody else while the tunnel is up.</summary>
    Exclusively,
}

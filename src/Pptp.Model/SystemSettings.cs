namespace Pptp.Model;

/// <summary><c>/system</c>: the server's name, and what concerns the daemon alone.</summary>
public sealed record SystemSettings
{
    /// <summary>What the server calls itself to its peers: CHAP name and host name of the control connection.</summary>
    public string Identity { get; init; } = "pptpd";

    /// <summary>Where leases and last-seen times are kept; absolute.</summary>
    public string StateFolder { get; init; } = "/var/lib/pptpd";

    /// <summary>The file of the host's name servers, which <c>use-peer-dns</c> changes; absolute.</summary>
    public string ResolvConf { get; init; } = "/etc/resolv.conf";

    /// <summary>Where the log goes besides the console; null: console only.</summary>
    public string? LogFile { get; init; }

    public LogVerbosity LogLevel { get; init; } = LogVerbosity.Info;

    /// <summary>
    /// Whether a user who is removed or disabled loses his sessions at once, and another rate-limit holds at once.
    /// </summary>
    public bool ApplyToSessions { get; init; }

    /// <summary>Whether programs of on-up and on-down keep the daemon's capabilities.</summary>
    public bool HookPrivileges { get; init; }

    /// <summary>The network namespace is ours alone, so its global settings may be changed.</summary>
    public bool OwnNamespace { get; init; }

    /// <summary>From the start on; a change waits for the next.</summary>
    public GreSocketKind GreSocket { get; init; }
}

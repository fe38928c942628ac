namespace Pptp.Model;

/// <summary><c>/ppp aaa</c>: what RADIUS is asked and told.</summary>
public sealed record PppAaaSettings
{
    /// <summary>Names that have no <see cref="PppSecret"/> are asked for at the RADIUS servers.</summary>
    public bool UseRadius { get; init; }

    /// <summary>The servers are told of sessions, while <see cref="UseRadius"/>.</summary>
    public bool Accounting { get; init; } = true;

    /// <summary>
    /// The time between two reports on a session; zero: none but those the server wants (Acct-Interim-Interval).
    /// </summary>
    public TimeSpan InterimUpdate { get; init; }

    /// <summary>How much a report may come earlier or later than that, in percent of it. Ours.</summary>
    public int InterimJitter { get; init; } = 10;

    /// <summary>Of PPPoE.</summary>
    public bool UseCircuitIdInNasPortId { get; init; }

    /// <summary>Reports tell the IPv6 traffic and addresses too.</summary>
    public bool EnableIpv6Accounting { get; init; }

    /// <summary>Whose traffic Acct-Input-Octets counts. Ours.</summary>
    public AccountingInput AccountingInput { get; init; }

    /// <summary>What becomes of a login while no server answers. Ours.</summary>
    public RadiusFallback RadiusFallback { get; init; }

    /// <summary>How long after a login <see cref="RadiusFallback.Cached"/> remembers it. Ours.</summary>
    public TimeSpan RadiusFallbackTime { get; init; } = TimeSpan.FromDays(1);
}

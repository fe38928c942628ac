namespace Pptp.Appliance.State;

/// <summary>What is remembered of a user over restarts: <c>/ppp secret</c>'s read-only properties, and totals.</summary>
public sealed record SecretHistory
{
    /// <summary>last-logged-out, in UTC.</summary>
    public required DateTimeOffset LastLoggedOut { get; init; }

    /// <summary>last-caller-id: the address of the client's last call.</summary>
    public required string LastCallerId { get; init; }

    /// <summary>last-disconnect-reason, in RouterOS' words.</summary>
    public required string LastDisconnectReason { get; init; }

    /// <summary>Sessions that are over.</summary>
    public long Sessions { get; init; }

    /// <summary>How long they took together, in whole seconds each.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>Octets of IP from the client, in all sessions that are over.</summary>
    public long RxBytes { get; init; }

    /// <summary>Octets of IP to the client, in all sessions that are over.</summary>
    public long TxBytes { get; init; }

    /// <summary>This one's last words, with the totals of both.</summary>
    internal SecretHistory After(SecretHistory? earlier) => earlier is null ? this : this with
    {
        Sessions = Sessions + earlier.Sessions,
        Uptime = Uptime + earlier.Uptime,
        RxBytes = RxBytes + earlier.RxBytes,
        TxBytes = TxBytes + earlier.TxBytes,
    };
}

using System.Net;

namespace Pptp.Appliance.State;

/// <summary>A session's figures at a moment. Input and output are as its records have them.</summary>
internal readonly record struct AccountingProgress(
    DateTimeOffset At, long SessionSeconds, long InputOctets, long OutputOctets, long InputPackets, long OutputPackets);

/// <summary>
/// All that is needed to tell a server of a session, as long as it has not heard the last of it.
/// </summary>
internal sealed record AccountingRow
{
    /// <summary>Acct-Session-Id.</summary>
    public required string Id { get; init; }

    /// <summary>As the client sent it: with its address the way to the server.</summary>
    public required string UserName { get; init; }

    /// <summary>The address of ours the client called.</summary>
    public required IPAddress CalledId { get; init; }

    /// <summary>What every record of it has, as RADIUS writes attributes.</summary>
    public required byte[] Attributes { get; init; }

    /// <summary>In whole seconds, as Event-Timestamp.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>A server has taken the Start.</summary>
    public bool StartAcknowledged { get; init; }

    /// <summary>The last checkpoint, or the end.</summary>
    public required AccountingProgress Progress { get; init; }

    /// <summary>Acct-Terminate-Cause; null: it is not over.</summary>
    public uint? Cause { get; init; }
}

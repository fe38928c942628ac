using System.Net;

namespace Pptp.Appliance.Diagnosis;

/// <summary>What became of one attempt to get in. Names and texts of the peer in it are escaped.</summary>
public sealed record AttemptReport
{
    public required DateTimeOffset Started { get; init; }

    /// <summary>Where the client calls from.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>The name it logged in with; null: it did not come so far.</summary>
    public string? User { get; init; }

    /// <summary><c>under way</c>, <c>connected</c>, <c>failed</c>, <c>ended</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>A word for the cause, for programs; null: nothing has gone wrong.</summary>
    public string? Cause { get; init; }

    /// <summary>The cause in plain words.</summary>
    public string? Why { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>The cause is what this mostly is, and not certain.</summary>
    public bool IsGuess { get; init; }

    /// <summary>The same again so many times since, of which nothing else is kept.</summary>
    public int Repeated { get; init; }

    public required IReadOnlyList<AttemptStep> Steps { get; init; }
}

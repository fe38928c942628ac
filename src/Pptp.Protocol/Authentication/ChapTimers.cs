namespace Pptp.Protocol.Authentication;

/// <summary>How patient a CHAP authenticator is (RFC 1994 §4.1; the numbers are those of RFC 1661 §4.6).</summary>
public sealed record ChapTimers
{
    /// <summary>Three seconds, ten times; three tries with a minute for each further one; no periodic challenge.</summary>
    public static ChapTimers Default { get; } = new();

    /// <summary>From one transmission of a challenge to the next.</summary>
    public TimeSpan RetransmitInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a challenge is sent before the peer counts as gone; at least 1.</summary>
    public int MaximumTransmissions { get; init; } = 10;

    /// <summary>How long a peer that may retry has for it: a person types a password.</summary>
    public TimeSpan RetryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Further tries after the first, at most, whatever the verdicts say (RFC 2759 §9.1.5: three attempts in all). A
    /// change of an expired password is none of them.
    /// </summary>
    public int MaximumRetries { get; init; } = 2;

    /// <summary>From a success to the next challenge; null: only when asked for.</summary>
    public TimeSpan? RechallengeInterval { get; init; }
}

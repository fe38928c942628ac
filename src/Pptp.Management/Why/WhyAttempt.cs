using Pptp.Appliance.Diagnosis;

namespace Pptp.Management.Why;

/// <summary>One attempt; the members are those of <see cref="AttemptReport"/>.</summary>
public sealed record WhyAttempt
{
    public required DateTimeOffset Started { get; init; }

    public required string Source { get; init; }

    public string? User { get; init; }

    public required string Outcome { get; init; }

    public string? Cause { get; init; }

    public string? Why { get; init; }

    public string? Hint { get; init; }

    public bool Guess { get; init; }

    public int Repeated { get; init; }

    public required IReadOnlyList<WhyStep> Timeline { get; init; }

    internal static WhyAttempt Of(AttemptReport report) => new()
    {
        Started = report.Started,
        Source = $"{report.Source}",
        User = report.User,
        Outcome = report.Outcome,
        Cause = report.Cause,
        Why = report.Why,
        Hint = report.Hint,
        Guess = report.IsGuess,
        Repeated = report.Repeated,
        Timeline = [.. report.Steps.Select(step => new WhyStep(step.After.TotalSeconds, step.Phase, step.Text))],
    };
}

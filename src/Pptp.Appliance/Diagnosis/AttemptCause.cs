namespace Pptp.Appliance.Diagnosis;

/// <summary>Why somebody could not get in, or did not stay.</summary>
/// <param name="Name">For programs: one word, which does not change.</param>
/// <param name="Text">In plain words.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record AttemptCause(string Name, string Text, string Hint)
{
    /// <summary>It looks like that, and is not certain.</summary>
    public bool IsGuess { get; init; }

    /// <summary>False: it went as it was configured or wanted, and nothing is to be mended.</summary>
    public bool IsFailure { get; init; } = true;
}

namespace Pptp.Appliance.Diagnosis;

/// <summary>How the doctor found one thing.</summary>
public enum Verdict
{
    Good,

    /// <summary>The server runs, but clients may miss something.</summary>
    Doubtful,

    /// <summary>The server cannot run, or no client can get through.</summary>
    Bad,
}

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Subject">What was looked at, in a word or two.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">The command that mends it; null where nothing needs mending.</param>
public sealed record Finding(Verdict Verdict, string Subject, string Detail, string? Remedy = null);

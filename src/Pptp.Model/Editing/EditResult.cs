namespace Pptp.Model.Editing;

/// <summary>What became of a change.</summary>
public abstract record EditResult
{
    private EditResult()
    {
    }

    /// <summary>It is on the disk.</summary>
    /// <param name="Configuration">What the files amount to now.</param>
    /// <param name="Findings">Warnings about it.</param>
    public sealed record Saved(PptpConfiguration Configuration, IReadOnlyList<ConfigurationError> Findings) : EditResult;

    /// <summary>Nothing was changed.</summary>
    /// <param name="Reason">One line, without a secret.</param>
    /// <param name="Findings">What is wrong with the configuration as it would be, where that is the reason.</param>
    public sealed record Refused(string Reason, IReadOnlyList<ConfigurationError> Findings) : EditResult;
}

namespace Pptp.Model.Editing;

/// <summary>Ends a change that cannot be made; the message is the reason, without a secret.</summary>
internal sealed class EditRefusedException : Exception
{
    internal EditRefusedException(string reason, IReadOnlyList<ConfigurationError>? findings = null)
        : base(reason) => Findings = findings ?? [];

    internal IReadOnlyList<ConfigurationError> Findings { get; }
}

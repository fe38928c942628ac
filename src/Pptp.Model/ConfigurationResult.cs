namespace Pptp.Model;

/// <summary>What loading a configuration gave.</summary>
/// <param name="Configuration">Null when there is any error.</param>
/// <param name="Findings">Errors and warnings of all files, by file in the order read, then by place.</param>
/// <param name="Files">The configuration files that were read, the main one first.</param>
public sealed record ConfigurationResult(
    PptpConfiguration? Configuration, IReadOnlyList<ConfigurationError> Findings, IReadOnlyList<string> Files)
{
    public IEnumerable<ConfigurationError> Errors =>
        Findings.Where(finding => finding.Severity == ConfigurationSeverity.Error);

    public IEnumerable<ConfigurationError> Warnings =>
        Findings.Where(finding => finding.Severity == ConfigurationSeverity.Warning);
}

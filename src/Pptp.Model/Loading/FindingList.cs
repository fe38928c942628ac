namespace Pptp.Model.Loading;

/// <summary>Collects what is found in all files.</summary>
internal sealed class FindingList
{
    private readonly List<string> _files = [];
    private readonly List<(int File, ConfigurationError Finding)> _findings = [];

    internal bool HasErrors { get; private set; }

    /// <summary>The findings of one file; files are sorted in the order of their first mention here.</summary>
    internal FileFindings OfFile(string file)
    {
        int index = _files.IndexOf(file);
        if (index < 0)
        {
            index = _files.Count;
            _files.Add(file);
        }

        return new FileFindings(file, finding => Add(index, finding));
    }

    internal IReadOnlyList<ConfigurationError> Sorted() =>
    [
        .. _findings
            .OrderBy(pair => pair.File)
            .ThenBy(pair => pair.Finding.Line)
            .ThenBy(pair => pair.Finding.Column)
            .Select(pair => pair.Finding),
    ];

    private void Add(int file, ConfigurationError finding)
    {
        HasErrors |= finding.Severity == ConfigurationSeverity.Error;
        _findings.Add((file, finding));
    }
}

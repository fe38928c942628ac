namespace Pptp.Model.Loading;

/// <summary>Collects what is found in all files.</summary>
internal sealed class FindingList
{
    /// <summary>How many errors are kept, and how many warnings: more is one mistake many times over.</summary>
    internal const int Most = 1000;

    private readonly int[] _counts = new int[2];
    private readonly List<string> _files = [];
    private readonly List<(int File, ConfigurationError Finding)> _findings = [];

    internal bool HasErrors => _counts[(int)ConfigurationSeverity.Error] > 0;

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

    internal IReadOnlyList<ConfigurationError> Sorted()
    {
        List<ConfigurationError> sorted =
        [
            .. _findings
                .OrderBy(pair => pair.File)
                .ThenBy(pair => pair.Finding.Line)
                .ThenBy(pair => pair.Finding.Column)
                .Select(pair => pair.Finding),
        ];
        foreach (ConfigurationSeverity severity in Enum.GetValues<ConfigurationSeverity>())
        {
            if (_counts[(int)severity] - Most is var more and > 0)
            {
                string what = severity == ConfigurationSeverity.Error ? "errors" : "warnings";
                sorted.Add(new(_files[0], 0, 0, "", $"and {more} more {what}", severity));
            }
        }

        return sorted;
    }

    private void Add(int file, ConfigurationError finding)
    {
        if (++_counts[(int)finding.Severity] <= Most)
        {
            _findings.Add((file, finding));
        }
    }
}

using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>One file as tables of entries, before anything is known of its meaning.</summary>
/// <param name="Findings">Takes what is found in the file.</param>
/// <param name="Root">What stands before the first table.</param>
/// <param name="Tables">In the order of the file.</param>
/// <param name="IsComplete">False when the text could not be read as a whole, so that what seems to be missing may
/// just not have been understood.</param>
internal sealed record ConfigurationDocument(
    FileFindings Findings,
    IReadOnlyList<ConfigurationEntry> Root,
    IReadOnlyList<ConfigurationTable> Tables,
    bool IsComplete);

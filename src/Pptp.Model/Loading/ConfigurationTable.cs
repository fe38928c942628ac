using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>One <c>[table]</c> or <c>[[table]]</c> of a file.</summary>
internal sealed record ConfigurationTable(
    string Name, bool IsArray, SourcePosition Position, IReadOnlyList<ConfigurationEntry> Entries);

using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Collects the rows of one menu from the tables of all files.</summary>
internal abstract class MenuRows
{
    internal abstract MenuDefinition Menu { get; }

    internal abstract void Add(FileFindings findings, ConfigurationTable table);

    internal abstract void WarnOfIneffective();
}

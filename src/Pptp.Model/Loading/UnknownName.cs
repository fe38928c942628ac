using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Words the complaint about a name nobody knows.</summary>
internal static class UnknownName
{
    internal static string Describe(string kind, string name, IEnumerable<string> known) =>
        NearestName.Find(name, known) is { } nearest
            ? $"unknown {kind} {ConfigurationValue.Show(name)}; did you mean {nearest}?"
            : $"unknown {kind} {ConfigurationValue.Show(name)}";
}

using System.Collections.ObjectModel;
using Pptp.Model.Loading;

namespace Pptp.Model;

/// <summary>Reads pptpd.toml and what it includes. Whatever the files hold, it answers with findings, not
/// exceptions.</summary>
public static class ConfigurationLoader
{
    private static readonly ReadOnlyDictionary<string, string> NoTexts = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Reads the file and those it includes.</summary>
    /// <param name="path">The main file.</param>
    /// <param name="checkFirewall">Says what nftables has against a configuration without other errors.</param>
    public static ConfigurationResult Load(
        string path, Func<PptpConfiguration, IReadOnlyList<FirewallComplaint>>? checkFirewall = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        FindingList findings = new();
        return ConfigurationFiles.ReadText(path, findings.OfFile(path)) is { } text
            ? Assemble(text, path, findings, NoTexts, checkFirewall)
            : new(null, findings.Sorted(), [path]);
    }

    /// <summary>Reads a main file's text that is at hand; includes and password files are sought as if it stood at
    /// <paramref name="path"/>.</summary>
    public static ConfigurationResult Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(path);
        return Assemble(text, path, new(), NoTexts);
    }

    /// <summary>Reads the file and those it includes, where these texts, by path, stand for what the files hold.</summary>
    internal static ConfigurationResult Load(string path, IReadOnlyDictionary<string, string> texts) =>
        Assemble(texts[path], path, new(), texts);

    private static ConfigurationResult Assemble(
        string text,
        string path,
        FindingList findings,
        IReadOnlyDictionary<string, string> texts,
        Func<PptpConfiguration, IReadOnlyList<FirewallComplaint>>? checkFirewall = null)
    {
        ConfigurationAssembler assembler = new(findings);
        ConfigurationDocument main = TomlReader.Read(path, text, findings.OfFile(path));
        assembler.Add(main);
        List<string> files = [path];
        foreach (string included in ConfigurationFiles.Include(main, findings.OfFile(path)))
        {
            files.Add(included);
            FileFindings inFile = findings.OfFile(included);
            if ((texts.GetValueOrDefault(included) ?? ConfigurationFiles.ReadText(included, inFile)) is { } includedText)
            {
                assembler.Add(TomlReader.Read(included, includedText, inFile));
            }
        }

        PptpConfiguration? configuration = assembler.Assemble(checkFirewall);
        return new(configuration, findings.Sorted(), files);
    }
}

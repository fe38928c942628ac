namespace Pptp.Model.Tests;

/// <summary>Loads texts that need no file.</summary>
internal static class Toml
{
    /// <summary>A secret, where a test is about something else.</summary>
    internal const string Alice = "\n[[ppp-secret]]\nname = \"alice\"\npassword = \"wonderland\"\n";

    internal static ConfigurationResult Parse(string text) => ConfigurationLoader.Parse(text, "pptpd.toml");

    /// <summary>The findings as an operator reads them.</summary>
    internal static string[] Findings(string text) => [.. Parse(text).Findings.Select(finding => finding.ToString())];

    /// <summary>The configuration of a text that must be right, without a warning.</summary>
    internal static PptpConfiguration Load(string text)
    {
        ConfigurationResult result = Parse(text);
        Assert.That(result.Findings, Is.Empty);
        return result.Configuration!;
    }
}

using System.CommandLine;
using Pptp.Appliance.Diagnosis;
using Pptp.Model;

namespace Pptpd.Commands;

/// <summary>The <c>--config</c> option, and reading what it names.</summary>
internal static class ConfigurationFile
{
    private const string SystemPath = "/etc/pptpd/pptpd.toml";

    public static Option<string?> CreateOption() => new("--config", "-c")
    {
        Description = $"Configuration file. Default: {SystemPath} where it exists, else the shipped one.",
        HelpName = "FILE",
    };

    /// <summary>The file named, else the system's, else the one shipped beside the program.</summary>
    public static string Resolve(string? named) =>
        named ?? (File.Exists(SystemPath) ? SystemPath : Path.Combine(AppContext.BaseDirectory, "pptpd.toml"));

    /// <summary>Reads the file and prints what is wrong with it to standard error.</summary>
    /// <returns>Null when there was an error.</returns>
    public static PptpConfiguration? Load(string path, bool withWarnings = true)
    {
        ConfigurationResult result = ConfigurationLoader.Load(path, withWarnings ? FirewallCheck.Run : null);
        foreach (ConfigurationError finding in withWarnings ? result.Findings : result.Errors)
            Console.Error.WriteLine(finding);
        return result.Configuration;
    }
}

using System.Reflection;
using Pptp.Model;

namespace Pptpd.Demo;

/// <summary>config/demo.toml, which lies in the program, so that the demo needs no file.</summary>
internal static class DemoConfiguration
{
    public const string FileName = "demo.toml";

    /// <summary>The file's text.</summary>
    public static string Text
    {
        get
        {
            using Stream resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(FileName)!;
            using StreamReader reader = new(resource);
            return reader.ReadToEnd();
        }
    }

    public static PptpConfiguration Load() => ConfigurationLoader.Parse(Text, FileName).Configuration!;

    /// <summary>What one of the two daemons runs.</summary>
    /// <param name="whole">The configuration of both.</param>
    /// <param name="half">Whose part stays.</param>
    /// <param name="folder">Takes all that a daemon writes; what belongs to the host is not touched.</param>
    public static PptpConfiguration Take(PptpConfiguration whole, DemoHalf half, string folder)
    {
        PptpConfiguration own = whole with
        {
            System = whole.System with
            {
                Identity = half.ToString().ToLowerInvariant(),
                StateFolder = folder,
                ResolvConf = Path.Combine(folder, "resolv.conf"),
            },
        };
        return half == DemoHalf.Server
            ? own with { Clients = [] }
            : own with { PptpServer = own.PptpServer with { Enabled = false } };
    }
}

using System.Reflection;

namespace Pptp.Testing.Serving;

/// <summary>Where things are, found from where this assembly lies.</summary>
public static class Repository
{
    private static readonly Lazy<string> TheRoot = new(FindRoot);

    /// <exception cref="DirectoryNotFoundException">The program does not run from a checkout.</exception>
    public static string Root => TheRoot.Value;

    /// <summary>
    /// How the daemon under test is started: the program named by PPTPD_BINARY, else what the build of
    /// src/Pptpd left, of the same configuration as the tests.
    /// </summary>
    public static IReadOnlyList<string> DaemonCommand()
    {
        string? binary = Environment.GetEnvironmentVariable("PPTPD_BINARY");
        if (!string.IsNullOrEmpty(binary))
        {
            return [Path.GetFullPath(binary)];
        }

        return ["dotnet", Path.Combine(Root, "src", "Pptpd", "bin", BuildConfiguration, "net10.0", "pptpd.dll")];
    }

    /// <summary>How the load generator is started: what the build of Pptp.Benchmarks left.</summary>
    public static IReadOnlyList<string> LoadCommand() =>
    [
        "dotnet",
        Path.Combine(Root, "tests", "Pptp.Benchmarks", "bin", BuildConfiguration, "net10.0", "Pptp.Benchmarks.dll"),
        "load",
    ];

    /// <summary>Whether that is a native executable, which starts at once; else code is compiled while it starts.</summary>
    public static bool IsNative => DaemonCommand().Count == 1;

    private static string BuildConfiguration => typeof(Repository).Assembly
        .GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PptpServer.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is in no checkout of the repository");
    }
}

namespace Pptpd;

/// <summary>This program, to be started once more.</summary>
internal static class OwnProgram
{
    /// <summary>The command line: an executable, and arguments that come before one's own.</summary>
    public static IReadOnlyList<string> Command
    {
        get
        {
            // Under "dotnet pptpd.dll" the process is the host of the program, not the program.
            string host = Environment.ProcessPath!;
            return Path.GetFileNameWithoutExtension(host) == "dotnet"
                ? [host, Path.Combine(AppContext.BaseDirectory, "pptpd.dll")]
                : [host];
        }
    }
}

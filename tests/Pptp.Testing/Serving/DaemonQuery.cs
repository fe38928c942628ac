using System.Diagnostics;

namespace Pptp.Testing.Serving;

/// <summary><c>pptpd status</c> and other commands that ask the daemon, as programs of their own.</summary>
public static class DaemonQuery
{
    /// <param name="configurationFile">The pptpd.toml of the daemon that is asked.</param>
    /// <param name="arguments">As on its command line, the command first.</param>
    /// <returns>Its exit status, and what it says on either channel.</returns>
    public static (int Status, string Output) Run(string configurationFile, params string[] arguments) =>
        Run([.. arguments, "--config", configurationFile]);

    /// <summary>What <c>pptpd manual</c> prints.</summary>
    public static string Manual() => Run(["manual"]).Output;

    private static (int Status, string Output) Run(IEnumerable<string> arguments)
    {
        IReadOnlyList<string> command = [.. Repository.DaemonCommand(), .. arguments];
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result + errors.Result);
    }
}

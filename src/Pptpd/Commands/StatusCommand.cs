using System.CommandLine;
using System.Text;
using Pptp.Management.Requests;
using Pptp.Management.Status;

namespace Pptpd.Commands;

/// <summary><c>pptpd status</c>: asks the running daemon for its tunnels, and shows them as RouterOS would.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationFile.CreateOption();
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Argument<string?> name = new("NAME")
        {
            Description = "Show one interface only; exit status 0 if it is running, else 1.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = new("status", "Show the tunnels of the running daemon.") { name, file, json };
        command.SetAction((result, cancellation) => ShowAsync(
            ConfigurationFile.Resolve(result.GetValue(file)),
            result.GetValue(name),
            result.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> ShowAsync(string path, string? name, bool json, CancellationToken cancellation)
    {
        (StatusDocument? status, int failure) = await DaemonQuestion.AskAsync(
            path, new() { Command = ManagementCommand.Status }, answer => StatusDocument.Parse(answer), cancellation);
        if (status is null)
            return failure;
        bool isRunning = true;
        if (name is not null)
        {
            status = status.Only(name);
            if (status.IsEmpty)
                await Console.Error.WriteLineAsync($"pptpd: there is no interface {name}");
            isRunning = status.IsRunning;
        }
        if (json)
            await Console.Out.WriteLineAsync(Encoding.UTF8.GetString(status.ToJson()));
        else if (name is null || !status.IsEmpty)
            await Console.Out.WriteAsync(StatusText.Print(status));
        return isRunning ? ExitCode.Success : ExitCode.Failure;
    }
}

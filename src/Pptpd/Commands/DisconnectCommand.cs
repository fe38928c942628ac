using System.CommandLine;
using Pptp.Management.Requests;

namespace Pptpd.Commands;

/// <summary><c>pptpd disconnect</c>: has the running daemon end sessions.</summary>
internal static class DisconnectCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationFile.CreateOption();
        Argument<string> name = new("NAME")
        {
            Description = "A user, all of whose sessions end, or one interface. A client of ours is dialled again: "
                + "disabled = true and a reload end it for good.",
        };
        Command command = new("disconnect", "End the sessions of a user or an interface.") { name, file };
        command.SetAction((result, cancellation) => DisconnectAsync(
            ConfigurationFile.Resolve(result.GetValue(file)), result.GetValue(name)!, cancellation));
        return command;
    }

    private static async Task<int> DisconnectAsync(string path, string name, CancellationToken cancellation)
    {
        ManagementRequest request = new() { Command = ManagementCommand.Disconnect, Name = name };
        (DisconnectDocument? done, int exitCode) = await DaemonQuestion.AskAsync(
            path, request, answer => DisconnectDocument.Parse(answer), cancellation);
        if (done is not null)
        {
            await Console.Out.WriteLineAsync(
                done.Disconnected == 1 ? "1 session ends" : $"{done.Disconnected} sessions end");
        }
        return exitCode;
    }
}

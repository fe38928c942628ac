using System.CommandLine;
using System.Text;
using Pptp.Management.Requests;
using Pptp.Management.Why;

namespace Pptpd.Commands;

/// <summary><c>pptpd why</c>: asks the running daemon why somebody cannot get in.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        Option<string?> file = ConfigurationFile.CreateOption();
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Argument<string> name = new("NAME")
        {
            Description = "A user, or the address a client calls from: who does not come so far as to give a name is "
                + "found by it alone.",
        };
        Command command = new("why", "Say why a user or an address cannot get in.") { name, file, json };
        command.SetAction((result, cancellation) => TellAsync(
            ConfigurationFile.Resolve(result.GetValue(file)),
            result.GetValue(name)!,
            result.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task<int> TellAsync(string path, string name, bool json, CancellationToken cancellation)
    {
        ManagementRequest request = new() { Command = ManagementCommand.Why, Name = name };
        (WhyDocument? why, int exitCode) = await DaemonQuestion.AskAsync(
            path, request, answer => WhyDocument.Parse(answer), cancellation);
        if (why is not null && json)
            await Console.Out.WriteLineAsync(Encoding.UTF8.GetString(why.ToJson()));
        else if (why is not null)
            await Console.Out.WriteAsync(WhyText.Print(why, TimeZoneInfo.Local));
        return exitCode;
    }
}

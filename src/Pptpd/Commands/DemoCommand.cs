using System.CommandLine;
using System.Runtime.InteropServices;
using Pptp.Linux;
using Pptpd.Demo;

namespace Pptpd.Commands;

/// <summary><c>pptpd demo</c>: a server and a client on this machine, and traffic between them.</summary>
internal static class DemoCommand
{
    private const int LongestSeconds = 60;

    public static Command Create()
    {
        Option<int> seconds = new("--seconds")
        {
            Description = $"How long the traffic runs, half of it each way: 1 to {LongestSeconds}.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
        };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > LongestSeconds)
                result.AddError($"--seconds takes 1 to {LongestSeconds}");
        });
        Command command = new("demo", "Show a tunnel between two network namespaces of this machine. Takes root.");
        command.Options.Add(seconds);
        command.SetAction((result, cancellation) =>
            RunAsync(TimeSpan.FromSeconds(result.GetValue(seconds)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan traffic, CancellationToken cancellation)
    {
        string[] missing = [.. Missing()];
        if (missing.Length > 0)
        {
            foreach (string what in missing)
                await Console.Error.WriteLineAsync($"pptpd: {what}");
            return ExitCode.Failure;
        }

        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        return await new Demonstration(traffic, DemoOutput.OfConsole()).RunAsync(ended.Token)
            ? ExitCode.Success
            : ExitCode.Failure;

        // The runtime would end the process after the handler, and what there is would not be removed in order.
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ended.Cancel();
        }
    }

    private static IEnumerable<string> Missing()
    {
        string[] lacking =
        [
            .. new[]
            {
                (Capability.SysAdmin, "CAP_SYS_ADMIN"),
                (Capability.NetAdmin, "CAP_NET_ADMIN"),
                (Capability.NetRaw, "CAP_NET_RAW"),
            }.Where(needed => !ProcessHardening.HasCapability(needed.Item1)).Select(needed => needed.Item2),
        ];
        if (lacking.Length > 0)
            yield return $"the demo makes network namespaces and takes root; missing: {string.Join(", ", lacking)}";
        if (KernelProbes.TunObstacle() is { } obstacle)
            yield return $"the demo makes tunnels and needs /dev/net/tun; {obstacle.Message}";
    }
}

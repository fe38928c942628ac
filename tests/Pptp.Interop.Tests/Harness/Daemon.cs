namespace Pptp.Interop.Tests.Harness;

/// <summary>Starts the server under test in the lab's namespace.</summary>
internal static class Daemon
{
    private const string Listens = "listening on";

    /// <summary>Starts "pptpd run" with a configuration and waits until its log says so.</summary>
    public static ServerProcess Start(string configurationFile, string readyText = Listens) =>
        Start([.. Repository.DaemonCommand(), "run", "--config", configurationFile], readyText);

    /// <summary>Starts a command that ends up as the daemon, and waits until its log says so.</summary>
    public static ServerProcess Start(IEnumerable<string> command, string readyText = Listens) =>
        ServerProcess.Start(["ip", "netns", "exec", Lab.Namespace, .. command], readyText: readyText);
}

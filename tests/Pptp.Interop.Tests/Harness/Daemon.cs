namespace Pptp.Interop.Tests.Harness;

/// <summary>Starts the server under test in the lab's namespace.</summary>
internal static class Daemon
{
    /// <summary>Starts "pptpd run" with a configuration and waits until it listens.</summary>
    public static ServerProcess Start(string configurationFile) =>
        Start([.. Repository.DaemonCommand(), "run", "--config", configurationFile]);

    /// <summary>Starts a command that ends up as the daemon, and waits until it listens.</summary>
    public static ServerProcess Start(IEnumerable<string> command) =>
        ServerProcess.Start(["ip", "netns", "exec", Lab.Namespace, .. command]);
}

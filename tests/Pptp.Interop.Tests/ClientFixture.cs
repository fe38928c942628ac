using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>Our daemon dials, and what it dials is Debian's pptpd in the VM. A test starts both.</summary>
internal abstract class ClientFixture : InteropFixture
{
    private readonly List<string> _interfaces = [];

    /// <summary>For what has to go through pppd in the VM, where programs start slowly.</summary>
    protected static readonly TimeSpan SoonInVm = TimeSpan.FromSeconds(60);

    protected override IEnumerable<string> StaticInterfaces => _interfaces;

    protected static string Said(string text) => $"{ClientSettings.Interface}: {text}";

    protected override void Begin() => _interfaces.Clear();

    protected override ServerProcess StartDaemon() => Daemon.Start(ConfigurationFile, "initializing...");

    protected void Dial(ClientSettings settings)
    {
        _interfaces.AddRange(Enumerable.Range(0, settings.Count).Select(ClientSettings.NameOf));
        WriteConfiguration(settings.ToToml);
        StartAgain();
    }

    /// <summary>
    /// Waits until the tunnel is up at both ends: pppd takes no packet before our last word of IPCP has come to it.
    /// </summary>
    /// <param name="times">How often it has come up by then.</param>
    protected void MustConnect(int times = 1)
    {
        try
        {
            Server.Log.WaitFor(Said("connected"), SoonInVm, times);
        }
        catch (TimeoutException e)
        {
            Assert.Fail($"{e.Message}\n--- pppd's log ---\n{Peer.Log}");
        }

        Assert.That(
            Wait.Until(() => Lab.InNamespace("ping", "-n", "-c", "1", "-W", "1", Peer.Gateway).ExitCode == 0, SoonInVm),
            Is.Not.Null,
            Server.Report());
    }

    /// <summary>Waits until an attempt has ended.</summary>
    /// <returns>The reason the log gives.</returns>
    protected string MustEnd()
    {
        string begin = Said("terminating... - ");
        string line = Server.Log.WaitFor(begin, SoonInVm).Text;
        Server.Log.WaitFor(Said("disconnected"), Soon);
        return line[(line.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..];
    }

    protected static string ShownInterface() =>
        Lab.InNamespace("ip", "-d", "addr", "show", "dev", ClientSettings.Interface).MustSucceed().Output;

    protected Ping PingThrough(int count, int bytes) =>
        Ping.FromServer(Peer.Gateway, count, bytes).MustLoseNone(Server);

    /// <summary>A TCP stream from the VM to us, or from us to the VM.</summary>
    protected static TcpStream Stream(int seconds, bool fromUs)
    {
        string ours = ShownInterface().Split("inet ")[1].Split(' ', '/')[0];
        using StreamServer streams = StreamServer.Start();
        return TcpStream.Run(Peer.Gateway, ours, seconds, toVm: fromUs);
    }
}

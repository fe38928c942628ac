using System.Diagnostics;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>The server is killed (SIGKILL), and started again.</summary>
internal sealed class CrashTests : ServerFixture
{
    private const int Sessions = 200;

    /// <summary>Ownership.LiveGroup and Ownership.RouteProtocol of the appliance, written down a second time.</summary>
    private const string OurGroup = "20560";
    private const string OurProtocol = "217";
    private const string OurTable = "pptpd";

    private static readonly string[] Users = ServerConfiguration.Numbered("u", Sessions);

    protected override ServerConfiguration Configuration => new() { Users = Users };

    [Test]
    [CancelAfter(180_000)]
    public async Task Killed_under_200_sessions_it_listens_again_within_two_seconds_and_its_clients_dial_back_in()
    {
        IReadOnlyList<ScriptedCall> calls = await DialAllAsync(Users);
        Server.Log.WaitFor(": connected", Soon, Sessions, Mark);
        Assert.That(TunnelInterfaces(), Has.Count.EqualTo(Sessions));

        Stopwatch clock = Stopwatch.StartNew();
        Server.Kill();
        TimeSpan dying = clock.Elapsed;
        StartServer();
        IReadOnlyList<string> left = TunnelInterfaces();
        foreach (ScriptedCall call in calls)
        {
            await call.WaitForEndAsync();
            await call.Caller.DisposeAsync();
        }

        clock.Restart();
        IReadOnlyList<ScriptedCall> again = await DialAllAsync(Users);
        TimeSpan dialling = clock.Elapsed;
        Server.Log.WaitFor(": connected", Soon, Sessions);

        TestContext.Out.WriteLine(
            $"kill -9 under {Sessions} sessions: dead after {dying.TotalSeconds:0.00} s, "
            + $"listening {Server.TimeToListen.TotalSeconds:0.00} s after the start, "
            + $"all back in after {dialling.TotalSeconds:0.0} s");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(left, Is.Empty, Server.Report());
            Assert.That(Server.TimeToListen, Is.LessThan(TimeSpan.FromSeconds(Repository.IsNative ? 2 : 15)), Server.Report());
            Assert.That(TunnelInterfaces(), Is.EquivalentTo(Users.Select(user => $"pptp-{user}")));
            Assert.That(again.Select(call => call.Address), Is.Unique);
        }

        foreach (ScriptedCall call in again)
            await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task What_a_dead_server_left_in_the_kernel_is_swept_and_nothing_else()
    {
        ScriptedCall call = await DialAsync(Users[0]);
        Server.Kill();
        await call.Caller.DisposeAsync();
        bool hasTables = Plant();

        StartServer();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Show("link"), Does.Contain("foreign0").And.Not.Contain("planted0"));
            Assert.That(
                Show("route", "show", "table", "all"),
                Does.Contain("198.51.100.128/25").And.Contain("203.0.113.128/25")
                    .And.Not.Contain("198.51.100.0/25").And.Not.Contain("203.0.113.0/25"));
            Assert.That(Show("rule"), Does.Contain("198.51.100.8").And.Not.Contain("198.51.100.7"));
            if (hasTables)
                Assert.That(ServerNetwork.Invoke(PlantedTable.List), Is.EqualTo(["foreign"]));
        }

        Assert.That(hasTables, Is.True, "not tested: this kernel has no nf_tables");
        Ip("link", "delete", "foreign0");
        ScriptedCall next = await DialAsync(Users[0]);
        await next.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_second_server_does_not_sweep_away_the_first_ones_interfaces()
    {
        ScriptedCall call = await DialAsync(Users[0]);
        WaitUntilConnected(Users[0]);

        Assert.That(
            () => ServerProcess.Start(ConfigurationFile, ServerNetwork).Dispose(),
            Throws.TypeOf<TimeoutException>().With.Message.Contains("the program ended"));

        Assert.That(TunnelInterfaces(), Is.EqualTo([$"pptp-{Users[0]}"]));
        await call.Caller.DisposeAsync();
    }

    /// <summary>By the kernel's own tool: one of each kind with our marks, one of each without.</summary>
    private bool Plant()
    {
        Ip("tuntap", "add", "dev", "planted0", "mode", "tun");
        Ip("link", "set", "dev", "planted0", "group", OurGroup, "up");
        Ip("tuntap", "add", "dev", "foreign0", "mode", "tun");
        Ip("route", "add", "blackhole", "198.51.100.0/25", "proto", OurProtocol);
        Ip("route", "add", "blackhole", "198.51.100.128/25", "proto", "static");
        Ip("route", "add", "203.0.113.0/25", "dev", "wire", "proto", OurProtocol, "table", "77");
        Ip("route", "add", "203.0.113.128/25", "dev", "wire", "table", "77");
        Ip("rule", "add", "from", "198.51.100.7", "lookup", "77", "protocol", OurProtocol);
        Ip("rule", "add", "from", "198.51.100.8", "lookup", "77");
        return ServerNetwork.Invoke(() => PlantedTable.Create(OurTable) && PlantedTable.Create("foreign"));
    }

    private void Ip(params string[] arguments) => Show(arguments);

    private string Show(params string[] arguments)
    {
        ProcessStartInfo start = new("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = ServerNetwork.Invoke(() => Process.Start(start)!);
        string error = process.StandardError.ReadToEnd();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"ip {string.Join(' ', arguments)}: {error}");
        return output;
    }
}

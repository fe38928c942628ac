using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using Pptpd.Demo;

namespace Pptpd.Tests.Demo;

/// <summary>What the demo sends, here through the bare cable.</summary>
public sealed class DemoNetworkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly IPAddress Server = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.1");

    private DemoNetwork _network = null!;

    [SetUp]
    public void Make()
    {
        if (!ProcessHardening.HasCapability(Capability.SysAdmin))
        {
            const string Reason = "not tested here: a network namespace needs root (CAP_SYS_ADMIN)";
            TestContext.Progress.WriteLine(Reason);
            Assert.Ignore(Reason);
        }

        _network = DemoNetwork.Create(Server, Client);
    }

    [TearDown]
    public void Remove() => _network?.Dispose();

    [Test]
    public async Task Each_echo_is_answered()
    {
        using EchoProbe probe = EchoProbe.Open(_network.Client, Server);
        for (int i = 0; i < 3; i++)
            Assert.That(await probe.AskAsync(Patience, CancellationToken.None), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task An_echo_to_nobody_has_no_answer()
    {
        using EchoProbe probe = EchoProbe.Open(_network.Client, IPAddress.Parse("192.0.2.77"));

        Assert.That(await probe.AskAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Traffic_arrives_and_is_told_each_second()
    {
        List<double> rates = [];
        TrafficRun run = await TrafficRun.MakeAsync(
            _network.Client, _network.Server, Server, TimeSpan.FromSeconds(1.5), (_, rate) => rates.Add(rate),
            CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.Octets, Is.Positive);
            Assert.That(run.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(1.5)));
            Assert.That(run.BitsPerSecond, Is.EqualTo(run.Octets * 8 / run.Elapsed.TotalSeconds));
            Assert.That(rates, Is.Not.Empty.And.All.Positive);
        }
    }

    [Test]
    public void Traffic_can_be_broken_off()
    {
        using CancellationTokenSource cancellation = new();

        Assert.That(
            () => TrafficRun.MakeAsync(
                _network.Client, _network.Server, Server, TimeSpan.FromMinutes(1), (_, _) => cancellation.Cancel(),
                cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Traffic_to_where_nobody_is_fails()
    {
        Assert.That(
            () => TrafficRun.MakeAsync(
                _network.Client, _network.Server, IPAddress.Parse("192.0.2.77"), TimeSpan.FromSeconds(1), (_, _) => { },
                CancellationToken.None),
            Throws.TypeOf<SocketException>());
    }

    [Test]
    public void A_tunnel_interface_that_is_left_is_seen()
    {
        Assert.That(_network.TunnelInterfaces(), Is.Empty, "the cable is none");
        using TunDevice tun = _network.Client.Run(() => TunDevice.Create("pptp-left"));

        Assert.That(_network.TunnelInterfaces(), Is.EqualTo(new[] { "pptp-left" }));
    }
}

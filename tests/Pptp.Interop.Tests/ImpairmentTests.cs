using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>
/// One client sits behind a bad line, a second one beside it does not: what happens to the first one's GRE on its
/// way to the server must not disturb the second one's stream.
/// </summary>
internal sealed class ImpairmentTests : InteropFixture
{
    private const int StreamSeconds = 20;
    private const int Pings = 400;

    private FarClient _far = null!;

    [SetUp]
    public void BuildTheLine() => _far = new FarClient();

    [TearDown]
    public void RemoveTheRoute() => _far.Dispose();

    [TestCase("delay 30ms reorder 25%", "gre-reordered", 0.98, TestName = "Reordered_GRE_is_put_in_order")]
    [TestCase("duplicate 30%", "gre-duplicate", 1.0, TestName = "Duplicated_GRE_is_delivered_once")]
    [TestCase("loss 10%", "gre-lost", 0.75, TestName = "Lost_GRE_costs_what_was_lost_and_no_more")]
    public void A_bad_line_harms_its_own_tunnel_alone(string netem, string counter, double leastAnswered)
    {
        Call stable = Dial(new DialSettings { Link = "stable" }, ServerSettings.Bob).MustBeUp(Server);
        DialSettings far = new() { Link = "shaky", VmNamespace = FarClient.Namespace, OwnConnection = true };
        Call shaky = Dial(far, ServerSettings.Alice).MustBeUp(Server);
        using StreamServer streams = StreamServer.Start();

        Lab.InVm($"ip netns exec far tc qdisc add dev eth0 root netem {netem}").MustSucceed();
        Task<TcpStream> stream = Task.Run(
            () => TcpStream.Run(stable, ServerSettings.Gateway, StreamSeconds, toClient: false));
        Ping impaired = PingFromFar(shaky, Pings);
        TcpStream other = stream.Result;
        Lab.InVm("ip netns exec far tc qdisc del dev eth0 root").MustSucceed();
        Ping healed = PingFromFar(shaky, 50);

        shaky.HangUp().MustSucceed();
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, ServerSettings.Alice);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(impaired.Answered, Is.GreaterThanOrEqualTo(leastAnswered * Pings), impaired.ToString());
            Assert.That(impaired.Duplicates, Is.Zero, "something was delivered twice");
            Assert.That(statistics[counter], Is.Positive, $"the line was not bad enough: {statistics}");
            Assert.That(shaky.LogNow(), Does.Not.Contain("CCP Reset"), "stateless MPPE never asks for one");
            Assert.That(healed.Answered, Is.EqualTo(50), $"{healed}\n{Server.Report()}");
            Assert.That(other.SecondsWithoutData, Is.Zero, $"the other tunnel's stream stood still\n{other.Report}");
            Assert.That(Server.Log.Expect("logged in", 2), Has.Count.EqualTo(2), "a link was dropped");
        }

        Figures.Print($"netem {netem}", $"{impaired}; {statistics}; the other tunnel: {other}");
    }

    private static Ping PingFromFar(Call call, int count) =>
        Ping.FromVm(call.Interface, ServerSettings.Gateway, count, 64, interval: 0.02, vmNamespace: FarClient.Namespace);
}

using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>Routes, pools and interfaces that wait for their user.</summary>
internal sealed class AddressTests : InteropFixture
{
    private const string Branch = "192.168.77.0/24";

    protected override ServerSettings Settings => new()
    {
        MoreUsers = 1,
        Extra = ServerSettings.Secret("branch", "lab", $"routes = \"{Branch} 10.0.0.77 3\"\nremote-address = \"10.0.0.77\"")
            + """
            [[ip-pool]]
            name = "small"
            ranges = "10.0.1.1"
            next-pool = "next"

            [[ip-pool]]
            name = "next"
            ranges = "10.0.2.1"

            [[pptp-server-interface]]
            name = "office-1"
            user = "branch-2"

            [[pptp-server-interface]]
            name = "office-2"
            user = "branch-2"

            """
            + ServerSettings.Secret("branch-2", "lab")
            + ServerSettings.Secret("crowd", "lab", "remote-address = \"small\""),
    };

    [Test]
    public void A_route_of_a_secret_stands_while_its_user_is_there_and_carries_traffic_both_ways()
    {
        Assert.That(Routes(), Is.Empty);
        Call call = Dial("branch").MustBeUp(Server);
        Server.Log.WaitFor("<pptp-branch>: connected", Soon);
        Assert.That(Routes(), Does.Contain("dev pptp-branch").And.Contain("metric 3"));

        Lab.InVm($"ip addr add 192.168.77.1/32 dev {call.Interface}").MustSucceed();
        Ping.FromServer("192.168.77.1", 20, 64).MustLoseNone(Server);

        call.HangUp().MustSucceed();
        MustVanish("pptp-branch", Soon);
        Assert.That(Routes(), Is.Empty);
    }

    [Test]
    public void Two_static_interfaces_are_always_there_and_a_third_session_of_their_user_gets_a_dynamic_one()
    {
        Assert.That(Lab.TunnelInterfaces(), Is.EquivalentTo(["office-1", "office-2"]));
        string before = Index("office-1");

        List<Call> calls = [.. Enumerable.Range(0, 3).Select(i => Dial(From($"c{i}"), "branch-2").MustBeUp(Server))];
        foreach (Call call in calls)
        {
            call.Ping(ServerSettings.Gateway, 10, 1400).MustLoseNone(Server);
        }

        Assert.That(Lab.TunnelInterfaces(), Is.EquivalentTo(["office-1", "office-2", "pptp-branch-2"]));
        foreach (Call call in calls)
        {
            call.HangUp().MustSucceed();
        }

        MustVanish("pptp-branch-2", Soon);
        Assert.That(Lab.TunnelInterfaces(), Is.EquivalentTo(["office-1", "office-2"]));
        Assert.That(Index("office-1"), Is.EqualTo(before), "it is not the same interface");
    }

    [Test]
    public void An_exhausted_pool_goes_on_with_the_next_and_then_says_so()
    {
        Call first = Dial(From("c0"), "crowd").MustBeUp(Server);
        Call second = Dial(From("c1"), "crowd").MustBeUp(Server);
        Call third = Dial(From("c2"), "crowd");

        Server.Log.WaitFor("could not determine remote address", Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.LocalAddress, Is.EqualTo("10.0.1.1"));
            Assert.That(second.LocalAddress, Is.EqualTo("10.0.2.1"));
            Assert.That(third.ExitCode, Is.Not.Zero, third.Log);
        }

        first.HangUp().MustSucceed();
        Server.Log.WaitFor("<pptp-crowd>: disconnected", Soon);
        Assert.That(Dial(From("c3"), "crowd").MustBeUp(Server).LocalAddress, Is.EqualTo("10.0.1.1"));
    }

    private static DialSettings From(string link) => new() { Link = link, OwnConnection = true };

    private static string Routes() => Lab.InNamespace("ip", "route", "show", Branch).Output;

    private static string Index(string name) => Lab.InNamespace("cat", $"/sys/class/net/{name}/ifindex").Output;

    protected override IEnumerable<string> StaticInterfaces => ["office-1", "office-2"];
}

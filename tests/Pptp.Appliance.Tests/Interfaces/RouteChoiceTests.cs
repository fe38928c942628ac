using System.Net;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;

namespace Pptp.Appliance.Tests.Interfaces;

public sealed class RouteChoiceTests
{
    private const int Wire = 2;
    private const int OtherWire = 3;
    private const int Tunnel = 9;

    private static readonly HashSet<int> OurTunnels = [Tunnel];
    private static readonly IPAddress Server = IPAddress.Parse("203.0.113.7");

    [Test]
    public void The_longest_prefix_is_taken() =>
        MustTake(1, Route("0.0.0.0/0", Wire), Route("203.0.113.0/24", OtherWire), Route("203.0.0.0/16", Wire));

    [Test]
    public void Of_the_same_prefix_the_lowest_metric_is_taken() => MustTake(
        1,
        Route("0.0.0.0/0", Wire, metric: 100),
        Route("0.0.0.0/0", OtherWire, metric: 20),
        Route("0.0.0.0/0", Wire, metric: 600));

    [Test]
    public void Of_equals_the_kernels_first_is_taken() =>
        MustTake(0, Route("0.0.0.0/0", Wire), Route("0.0.0.0/0", OtherWire));

    [Test]
    public void Our_own_tunnels_and_other_tables_do_not_count() => MustTake(
        2,
        Route("203.0.113.7/32", Tunnel),
        Route("203.0.113.0/24", OtherWire) with { Table = 77 },
        Route("0.0.0.0/0", Wire, metric: 100),
        Route("0.0.0.0/0", Tunnel),
        Route("::/0", OtherWire));

    [TestCase(RouteType.Blackhole)]
    [TestCase(RouteType.Unreachable)]
    public void One_that_leads_nowhere_is_no_way(RouteType type) =>
        MustTake(null, Route("0.0.0.0/0", Wire), Route("203.0.113.0/24", Wire) with { Type = type });

    [Test]
    public void One_of_several_paths_is_no_way() =>
        MustTake(null, Route("0.0.0.0/0", Wire) with { InterfaceIndex = null });

    [Test]
    public void Where_no_route_fits_there_is_none() => MustTake(null, Route("198.51.100.0/24", Wire));

    [Test]
    public void Default_routes_of_a_lower_metric_go_before_ours()
    {
        RouteEntry[] routes =
        [
            Route("0.0.0.0/0", Wire), Route("0.0.0.0/0", OtherWire, metric: 1), Route("0.0.0.0/0", Tunnel),
            Route("0.0.0.0/0", Wire) with { Table = 77 }, Route("203.0.113.0/24", Wire), Route("::/0", Wire),
        ];
        Assert.That(RouteChoice.DefaultsBefore(routes, OurTunnels, 0), Is.Empty);
        Assert.That(RouteChoice.DefaultsBefore(routes, OurTunnels, 1), Is.EqualTo([routes[0]]));
        Assert.That(RouteChoice.DefaultsBefore(routes, OurTunnels, 2), Is.EqualTo([routes[0], routes[1]]));
    }

    private static void MustTake(int? which, params RouteEntry[] routes) => Assert.That(
        RouteChoice.Find(routes, OurTunnels, Server), which is { } index ? Is.SameAs(routes[index]) : Is.Null);

    private static RouteEntry Route(string destination, int index, uint metric = 0) =>
        new() { Destination = IPNetwork.Parse(destination), InterfaceIndex = index, Metric = metric };
}

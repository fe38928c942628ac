using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class NetworkNamespaceTests : NamespaceTests
{
    [Test]
    public void What_is_made_inside_is_not_seen_outside()
    {
        using NetworkNamespace inside = new();
        using NetworkNamespace beside = new();
        using TunDevice tun = inside.Invoke(() => TunDevice.Create("pptp-inside"));
        Assert.That(Names(inside), Is.EquivalentTo(new[] { "lo", "pptp-inside" }));
        Assert.That(Names(beside), Is.EqualTo(new[] { "lo" }));
        using RouteNetlink outside = new();
        Assert.That(outside.FindLink("pptp-inside"), Is.Null);
    }

    [Test]
    public void What_is_thrown_inside_is_thrown_outside()
    {
        using NetworkNamespace inside = new();
        Assert.That(
            () => inside.Invoke(() => throw new InvalidOperationException("in there")),
            Throws.InvalidOperationException.With.Message.EqualTo("in there"));
        Assert.That(inside.Invoke(() => 42), Is.EqualTo(42), "and the thread goes on");
    }

    [Test]
    public void Two_are_joined_by_a_cable()
    {
        using NetworkNamespace left = new();
        using NetworkNamespace right = new();
        NetworkNamespace.Connect(left, "to-right", "10.1.1.1", right, "to-left", "10.1.1.2", 30);
        LinkEntry end = right.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            return netlink.FindLink("to-left")!;
        });
        Assert.That(end.Kind, Is.EqualTo("veth"));
        Assert.That(end.IsUp, Is.True);
        Assert.That(Names(left), Does.Contain("to-right"));
    }

    private static string[] Names(NetworkNamespace where) => where.Invoke(() =>
    {
        using RouteNetlink netlink = new();
        return netlink.ListLinks().Select(l => l.Name).ToArray();
    });
}

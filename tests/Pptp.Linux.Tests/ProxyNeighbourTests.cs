using System.Net;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class ProxyNeighbourTests : NamespaceTests
{
    [Test]
    public void An_entry_is_listed_with_who_made_it_and_removed_by_that() => NetworkNamespace.Run(() =>
    {
        using RouteNetlink netlink = new();
        const int Loopback = 1; // Every namespace has it.
        ProxyNeighbour ours = new(Loopback, IPAddress.Parse("192.0.2.9"), 217);
        ProxyNeighbour theirs = new(Loopback, IPAddress.Parse("192.0.2.10"), 3);

        netlink.AddProxyNeighbour(ours);
        netlink.AddProxyNeighbour(ours);
        netlink.AddProxyNeighbour(theirs);
        Assert.That(netlink.ListProxyNeighbours(), Is.EquivalentTo(new[] { ours, theirs }));

        Assert.That(netlink.RemoveProxyNeighbours(217), Is.EqualTo(1));
        Assert.That(netlink.ListProxyNeighbours(), Is.EqualTo(new[] { theirs }));
        Assert.That(netlink.RemoveProxyNeighbour(theirs), Is.True);
        Assert.That(netlink.RemoveProxyNeighbour(theirs), Is.False);
        Assert.That(netlink.RemoveProxyNeighbour(theirs with { InterfaceIndex = 9999 }), Is.False);
        Assert.That(() => netlink.AddProxyNeighbour(ours with { InterfaceIndex = 9999 }), Throws.TypeOf<LinuxException>());
    });
}

using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Interfaces;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>Many interfaces that go at once.</summary>
public sealed class InterfaceRushTests
{
    private const int Count = 60;

    [Test]
    public void All_of_them_go_and_what_they_had_is_free() => InNamespace(world =>
    {
        List<TunnelInterface> tunnels = [.. Enumerable.Range(0, Count).Select(i => Create(world, $"u{i}", i))];
        foreach (TunnelInterface tunnel in tunnels)
            world.Table.Release(tunnel);
        // Whoever is given one of the addresses now is reached.
        Assert.That(world.Netlink.ListRoutes().Where(route => IsOurs(route.Destination.BaseAddress)), Is.Empty);
        TunnelInterface next = Create(world, "next", 0);
        Assert.That(
            world.Netlink.ListRoutes().Where(route => Equals(route.Destination.BaseAddress, Remote(0)))
                .Select(route => route.InterfaceIndex),
            Is.EqualTo(new[] { next.Tun.Index }));

        world.Table.Reap();
        Assert.That(Tunnels(world), Is.EqualTo(new[] { next.Name.Linux }));
        Assert.That(tunnels.Select(tunnel => tunnel.Tun.Descriptor), Has.All.EqualTo(-1));
        // The names are free again, each for its user.
        for (int i = 0; i < Count; i++)
            Assert.That(world.Table.Reserve($"u{i}").Linux, Is.EqualTo(tunnels[i].Name.Linux));
    });

    [Test]
    public void One_who_dials_back_before_they_are_gone_gets_another_name() => InNamespace(world =>
    {
        List<TunnelInterface> tunnels = [.. Enumerable.Range(0, Count).Select(i => Create(world, $"u{i}", i))];
        foreach (TunnelInterface tunnel in tunnels)
            world.Table.Release(tunnel);
        TunnelInterface back = Create(world, $"u{Count - 1}", Count - 1);
        Assert.That(back.Name.Linux, Is.Not.EqualTo(tunnels[^1].Name.Linux));
        world.Table.Reap();
        Assert.That(Tunnels(world), Is.EqualTo(new[] { back.Name.Linux }));
    });

    private static readonly IPAddress Local = IPAddress.Parse("10.77.0.1");

    private static IPAddress Remote(int i) => new([10, 77, 1, (byte)i]);

    private static bool IsOurs(IPAddress address) => address.ToString().StartsWith("10.77.1.", StringComparison.Ordinal);

    private static TunnelInterface Create(ClientWorld world, string user, int i) =>
        world.Table.CreateAsync(new TunnelInterfaceSpecification(world.Table.Reserve(user), Local, Remote(i), 1400))
            .GetAwaiter().GetResult();

    private static List<string> Tunnels(ClientWorld world) =>
        [.. world.Netlink.ListLinks().Where(link => link.Kind == "tun" && link.Name != "wire").Select(link => link.Name)];

    private static void InNamespace(Action<ClientWorld> test)
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
        NetworkNamespace.Run(() =>
        {
            // The reaper comes when it is called.
            using ClientWorld world = new(new FakeTimeProvider());
            test(world);
        });
    }
}

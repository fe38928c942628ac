using System.Diagnostics;
using System.Globalization;
using System.Net;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class LinkTests : NamespaceTests
{
    private static readonly TestCaseData<LinkChange, Func<LinkEntry, LinkEntry>>[] Changes =
    [
        new(new LinkChange { Up = true }, l => l with { IsUp = true, HasCarrier = true }),
        new(new LinkChange { Mtu = 1400 }, l => l with { Mtu = 1400 }),
        new(new LinkChange { TxQueueLength = 77 }, l => l with { TxQueueLength = 77 }),
        new(new LinkChange { Alias = "<pptp-Jürgen>" }, l => l with { Alias = "<pptp-Jürgen>" }),
        new(new LinkChange { Group = 0x70707470 }, l => l with { Group = 0x70707470 }),
        new(new LinkChange { AddressGenerationNone = true }, l => l with { AddressGenerationNone = true }),
        new(new LinkChange { Name = "pptp-renamed" }, l => l with { Name = "pptp-renamed" }),
        new(new LinkChange { GsoMaxSize = 9000 }, l => l with { GsoMaxSize = 9000 }),
        new(
            new LinkChange { Up = true, Mtu = 1280, TxQueueLength = 3, Alias = "x", Group = 5, Name = "all-at-once" },
            l => l with
            {
                IsUp = true,
                HasCarrier = true,
                Mtu = 1280,
                TxQueueLength = 3,
                Alias = "x",
                Group = 5,
                Name = "all-at-once",
            }),
    ];

    [TestCaseSource(nameof(Changes))]
    public void A_change_changes_what_it_names_and_nothing_else(
        LinkChange change, Func<LinkEntry, LinkEntry> expected) => InNamespace((netlink, tun) =>
    {
        LinkEntry before = Find(netlink, tun);
        Assert.That(before.IsUp, Is.False);
        Assert.That(before.Alias, Is.Null);

        netlink.ChangeLink(tun.Index, change);

        Assert.That(Find(netlink, tun), Is.EqualTo(expected(before)));
        Assert.That(netlink.ListLinks().Single(l => l.Index == tun.Index), Is.EqualTo(expected(before)), "in the list");
    });

    [Test]
    public void An_alias_of_255_bytes_is_kept_a_longer_one_refused_an_empty_one_removes_it() =>
        InNamespace((netlink, tun) =>
        {
            string longest = new('a', 255);
            netlink.ChangeLink(tun.Index, new LinkChange { Alias = longest });
            Assert.That(Find(netlink, tun).Alias, Is.EqualTo(longest));
            Assert.That(
                () => netlink.ChangeLink(tun.Index, new LinkChange { Alias = longest + "b" }),
                Throws.TypeOf<LinuxException>().With.Property("Errno").EqualTo(Errno.ERANGE)
                    .Or.TypeOf<LinuxException>().With.Property("Errno").EqualTo(Errno.EINVAL));
            netlink.ChangeLink(tun.Index, new LinkChange { Alias = string.Empty });
            Assert.That(Find(netlink, tun).Alias, Is.Null);
        });

    [Test]
    public void Down_comes_before_the_rest_of_a_change() => InNamespace((netlink, tun) =>
    {
        netlink.ChangeLink(tun.Index, new LinkChange { Up = true });
        netlink.ChangeLink(tun.Index, new LinkChange { Up = false, Name = "pptp-z", Group = 9 });
        LinkEntry link = Find(netlink, tun);
        Assert.That(link.IsUp, Is.False);
        Assert.That(link.Name, Is.EqualTo("pptp-z"));
        Assert.That(link.Group, Is.EqualTo(9));
    });

    [Test]
    public void Without_address_generation_IPv6_makes_no_address_although_raised_in_the_same_change() =>
        InNamespace((netlink, tun) =>
        {
            if (Find(netlink, tun).AddressGenerationNone is null)
            {
                Assert.Ignore("not tested here: the kernel has no IPv6");
            }

            using TunDevice control = TunDevice.Create("pptp-control");
            netlink.ChangeLink(tun.Index, new LinkChange { Up = true, AddressGenerationNone = true });
            netlink.ChangeLink(control.Index, new LinkChange { Up = true });
            int[] addressed = [.. netlink.ListAddresses().Select(a => a.Index)];
            Assert.That(addressed, Does.Contain(control.Index), "the control has a link-local address");
            Assert.That(addressed, Does.Not.Contain(tun.Index));
        });

    [Test]
    public void An_empty_change_is_nothing() => InNamespace((netlink, tun) =>
    {
        LinkEntry before = Find(netlink, tun);
        netlink.ChangeLink(tun.Index, new LinkChange());
        netlink.ChangeLink(4711, new LinkChange());
        Assert.That(Find(netlink, tun), Is.EqualTo(before));
    });

    [Test]
    public void A_missing_interface_is_an_error_with_its_index() => InNamespace((netlink, _) =>
        Assert.That(
            () => netlink.ChangeLink(4711, new LinkChange { Mtu = 1400 }),
            Throws.TypeOf<LinuxException>().With.Message.EqualTo(
                "RTM_SETLINK on interface 4711: ENODEV (No such device)")));

    [Test]
    public void A_name_taken_is_an_error() => InNamespace((netlink, tun) =>
    {
        using TunDevice other = TunDevice.Create("pptp-b");
        Assert.That(
            () => netlink.ChangeLink(tun.Index, new LinkChange { Name = "pptp-b" }),
            Throws.TypeOf<LinuxException>().With.Message.Contains("EEXIST (File exists)"));
    });

    [TestCase(67)]
    [TestCase(100000)]
    public void An_MTU_the_driver_does_not_take_is_an_error_in_the_kernels_words(int mtu) =>
        InNamespace((netlink, tun) =>
            Assert.That(
                () => netlink.ChangeLink(tun.Index, new LinkChange { Mtu = mtu }),
                Throws.TypeOf<LinuxException>()
                    .With.Property("Errno").EqualTo(Errno.EINVAL)
                    .And.Property("Explanation").Contains("mtu")));

    [TestCase("pptp-none")]
    [TestCase("")]
    [TestCase("a name no interface can have")]
    public void A_name_nobody_has_is_found_as_null(string name) =>
        InNamespace((netlink, _) => Assert.That(netlink.FindLink(name), Is.Null));

    [Test]
    public void An_index_nobody_has_is_found_as_null() => InNamespace((netlink, _) =>
    {
        Assert.That(netlink.FindLink(4711), Is.Null);
        Assert.That(netlink.FindLink(0), Is.Null);
    });

    [Test]
    public void Deleting_says_whether_there_was_something_to_delete() => InNamespace((netlink, tun) =>
    {
        Assert.That(netlink.DeleteLink(tun.Index), Is.True);
        Assert.That(netlink.DeleteLink(tun.Index), Is.False);
        Assert.That(netlink.FindLink(tun.Name), Is.Null);
    });

    [Test]
    public void A_hundred_tunnels_of_a_group_go_at_once_and_the_others_stay() => InNamespace((netlink, stays) =>
    {
        netlink.ChangeLink(stays.Index, new LinkChange { Group = 78 });
        List<TunDevice> tunnels = [];
        for (int i = 0; i < 100; i++)
        {
            TunDevice tun = TunDevice.Create(string.Create(CultureInfo.InvariantCulture, $"pptp-u{i}"));
            tunnels.Add(tun);
            netlink.ChangeLink(tun.Index, new LinkChange { Group = 77, AddressGenerationNone = true, Up = true });
            netlink.AddAddress(
                tun.Index, IPAddress.Parse("10.0.0.1"), new IPAddress([10, 0, 1, (byte)i]), 32);
        }

        // More than one buffer full, so the list comes in several parts.
        Assert.That(netlink.ListLinks(), Has.Count.EqualTo(102));
        long start = Stopwatch.GetTimestamp();

        Assert.That(netlink.DeleteLinkGroup(77), Is.True);

        TestContext.Out.WriteLine($"100 tunnels deleted in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F1} ms");
        Assert.That(netlink.ListLinks().Select(l => l.Name), Is.EquivalentTo(new[] { "lo", stays.Name }));
        Assert.That(netlink.DeleteLinkGroup(77), Is.False, "nothing left");
        Assert.That(tunnels.Select(t => t.Read(new byte[100])), Is.All.EqualTo(TunDevice.Gone));
        tunnels.ForEach(t => t.Dispose());
    });

    [Test]
    public void The_default_group_is_not_to_be_deleted() => InNamespace((netlink, _) =>
        Assert.That(() => netlink.DeleteLinkGroup(0), Throws.TypeOf<ArgumentOutOfRangeException>()));

    [Test]
    public void Many_threads_may_ask_at_once() => InNamespace((netlink, tun) =>
    {
        Exception?[] failures = new Exception?[4];
        Thread[] threads = [.. Enumerable.Range(0, failures.Length).Select(n => new Thread(() =>
        {
            try
            {
                for (int i = 0; i < 100; i++)
                {
                    netlink.ChangeLink(tun.Index, new LinkChange { Mtu = 1000 + n });
                    if (netlink.FindLink(tun.Name)?.Index != tun.Index || netlink.ListLinks().Count != 2)
                    {
                        throw new InvalidOperationException("An answer went to the wrong question.");
                    }
                }
            }
            catch (Exception e)
            {
                failures[n] = e;
            }
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        Assert.That(failures, Is.All.Null);
    });

    [Test]
    public void After_dispose_it_says_so()
    {
        RouteNetlink netlink = new();
        netlink.Dispose();
        netlink.Dispose();
        Assert.That(netlink.ListLinks, Throws.TypeOf<ObjectDisposedException>());
    }

    private static void InNamespace(Action<RouteNetlink, TunDevice> test) => NetworkNamespace.Run(() =>
    {
        using RouteNetlink netlink = new();
        using TunDevice tun = TunDevice.Create("pptp-a");
        test(netlink, tun);
    });

    private static LinkEntry Find(RouteNetlink netlink, TunDevice tun)
    {
        LinkEntry? link = netlink.FindLink(tun.Index);
        Assert.That(link, Is.Not.Null);
        return link!;
    }
}

using System.Net;
using Pptp.Appliance.Addressing;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Addressing;

public sealed class PrefixPoolsTests
{
    private static readonly PrefixSource Six = new PrefixSource.Pool("six", Reuse: false);
    private static readonly PrefixSource Same = new PrefixSource.Pool("six", Reuse: true);

    private readonly PrefixPools _pools = new();

    [SetUp]
    public void Fill() => _pools.Apply([Pool("2001:db8:0:4::/62", 64)]);

    [Test]
    public void New_users_get_the_prefixes_in_order_until_there_are_no_more() => Assert.That(
        "abcde".Select(user => Take(user.ToString())),
        Is.EqualTo(new[] { "2001:db8:0:4::/64", "2001:db8:0:5::/64", "2001:db8:0:6::/64", "2001:db8:0:7::/64", null }));

    [Test]
    public void A_user_gets_the_same_prefix_again_when_it_is_free()
    {
        Acquire("a");
        Acquire("b")!.Dispose();
        Assert.That(Take("c"), Is.EqualTo("2001:db8:0:6::/64"));
        PrefixLease again = Acquire("b")!;
        Assert.That(again.Prefix.ToString(), Is.EqualTo("2001:db8:0:5::/64"));
        Assert.That(Take("b"), Is.EqualTo("2001:db8:0:7::/64"), "his second session");
        again.Dispose();
        again.Dispose();
        Assert.That(Take("d"), Is.EqualTo("2001:db8:0:5::/64"), "the one that was free, once");
        Assert.That(Take("e"), Is.Null);
    }

    [Test]
    public void A_pool_without_an_end_lends_at_once_from_its_beginning()
    {
        _pools.Apply([Pool("2000::/3", 128)]);
        Assert.That(Take("a"), Is.EqualTo("2000::/128"));
        Assert.That(Take("b"), Is.EqualTo("2000::1/128"));
    }

    [Test]
    public void A_pool_that_lends_all_of_it_has_one_prefix()
    {
        _pools.Apply([Pool("2001:db8::/32", 32)]);
        PrefixLease lease = Acquire("a")!;
        Assert.That(lease.Prefix.ToString(), Is.EqualTo("2001:db8::/32"));
        Assert.That(Acquire("b"), Is.Null);
        lease.Dispose();
        Assert.That(Acquire("b"), Is.Not.Null);
    }

    [Test]
    public void Of_more_users_than_are_kept_in_mind_new_ones_get_what_has_been_free_longest()
    {
        _pools.Apply([Pool("2001:db8::/32", 64)]);
        for (int i = 0; i < PrefixPool.MostWaiting; i++)
            Acquire($"user {i}")!.Dispose();
        Assert.That(Take("new"), Is.EqualTo("2001:db8::/64"));
        Assert.That(Take("user 1"), Is.EqualTo("2001:db8:0:1::/64"));
    }

    [Test]
    public void Users_who_reuse_have_one_prefix_and_each_an_address_of_it()
    {
        PrefixLease a = Acquire(Same, "a")!;
        PrefixLease b = Acquire(Same, "b")!;
        Assert.That(b.Prefix, Is.EqualTo(a.Prefix));
        Assert.That(a.OfClient(1).ToString(), Is.EqualTo("2001:db8:0:4::1/128"));
        Assert.That(b.OfClient(0xfedcba9876543210).ToString(), Is.EqualTo("2001:db8:0:4:fedc:ba98:7654:3210/128"));
        Assert.That(Take("c"), Is.EqualTo("2001:db8:0:5::/64"), "one that does not");
        a.Dispose();
        Assert.That(Acquire(Same, "d")!.Prefix, Is.EqualTo(b.Prefix), "b has it still");
    }

    [Test]
    public void A_prefix_of_many_is_free_when_the_last_of_them_is_gone()
    {
        _pools.Apply([Pool("2001:db8::/64", 64)]);
        PrefixLease[] leases = [.. "abc".Select(user => Acquire(Same, user.ToString())!)];
        Assert.That(Acquire("d"), Is.Null);
        foreach (PrefixLease lease in leases)
            lease.Dispose();
        PrefixLease whole = Acquire("d")!;
        Assert.That(whole.OfClient(1), Is.EqualTo(whole.Prefix), "all of it is his");
        Assert.That(Acquire(Same, "a"), Is.Null);
    }

    [Test]
    public void The_sessions_of_one_user_share_his_one_prefix_the_first_has_all_of_it()
    {
        PrefixLease first = Acquire(Single("2001:db8:8::/64"), "alice")!;
        PrefixLease second = Acquire(Single("2001:db8:8::/64"), "alice")!;
        Assert.That(first.OfClient(7), Is.EqualTo(first.Prefix));
        Assert.That(second.OfClient(7).ToString(), Is.EqualTo("2001:db8:8::7/128"));
        Assert.That(Acquire(Single("2001:db8:8::/64"), "bob"), Is.Null);
        first.Dispose();
        Assert.That(Acquire(Single("2001:db8:8::/64"), "bob"), Is.Null, "one session of alice is left");
        second.Dispose();
        Assert.That(Acquire(Single("2001:db8:8::/64"), "bob"), Is.Not.Null);
    }

    [Test]
    public void What_a_secret_gives_is_not_lent_by_a_pool_meanwhile_whole_or_in_part()
    {
        PrefixLease one = Acquire(Single("2001:db8:0:4:8000::/65"), "alice")!;
        Assert.That(Take("b"), Is.EqualTo("2001:db8:0:5::/64"));
        PrefixLease two = Acquire(Single("2001:db8:0:6::/63"), "alice")!;
        Assert.That(Take("c"), Is.Null);
        Assert.That(Acquire(Single("2001:db8::/32"), "alice"), Is.Null, "b has a part of it");
        one.Dispose();
        two.Dispose();
        Assert.That(Take("c"), Is.EqualTo("2001:db8:0:4::/64"), "passed over is not lost");
        Assert.That(Take("d"), Is.EqualTo("2001:db8:0:6::/64"));
    }

    [Test]
    public void A_prefix_of_a_secret_that_holds_a_whole_great_pool_is_passed_over_in_one_step()
    {
        _pools.Apply([Pool("2001:db8::/32", 128)]);
        PrefixLease all = Acquire(Single("2001:db8::/32"), "alice")!;
        Assert.That(Take("b"), Is.Null);
        all.Dispose();
        Assert.That(Take("b"), Is.EqualTo("2001:db8::/128"));
    }

    [Test]
    public void An_unknown_pool_gives_nothing() =>
        Assert.That(Acquire(new PrefixSource.Pool("sex", Reuse: true), "a") ?? Acquire(new PrefixSource.Pool("sex", Reuse: false), "a"), Is.Null);

    [Test]
    public void A_new_prefix_leaves_leases_alone()
    {
        PrefixLease a = Acquire("a")!;
        PrefixLease b = Acquire("b")!;
        _pools.Apply([Pool("2001:db8:0:4::/62", 63)]);
        Assert.That(Take("c"), Is.EqualTo("2001:db8:0:6::/63"), "a and b have the other");
        a.Dispose();
        Assert.That(Acquire("d"), Is.Null);
        b.Dispose();
        Assert.That(Take("b"), Is.EqualTo("2001:db8:0:4::/63"), "its own is no longer of the pool");
    }

    [Test]
    public void A_pool_that_is_gone_lends_nothing_and_comes_back_as_it_was()
    {
        PrefixLease shared = Acquire(Same, "a")!;
        _pools.Apply([]);
        Assert.That(Acquire("b"), Is.Null);
        _pools.Apply([Pool("2001:db8:0:4::/62", 64)]);
        Assert.That(Take("b"), Is.EqualTo("2001:db8:0:5::/64"));
        Assert.That(Acquire(Same, "c")!.Prefix, Is.EqualTo(shared.Prefix));
    }

    [Test]
    public void What_is_remembered_of_an_earlier_run_goes_to_its_user_again()
    {
        Memory memory = new()
        {
            Earlier =
            [
                new("six", "alice", IPAddress.Parse("2001:db8:0:4::")),
                new("six", "bob", IPAddress.Parse("10.8.0.10")),
                new("six", "eve", IPAddress.Parse("2001:db8:0:5::1")),
            ],
        };
        PrefixPools pools = new(memory);
        pools.Apply([Pool("2001:db8:0:4::/62", 64)]);

        Assert.That(pools.Acquire(Six, "bob")!.Prefix.ToString(), Is.EqualTo("2001:db8:0:5::/64"));
        Assert.That(pools.Acquire(Six, "alice")!.Prefix.ToString(), Is.EqualTo("2001:db8:0:4::/64"));
        Assert.That(memory.Later, Is.EqualTo(new RememberedLease[]
        {
            new("six", "bob", IPAddress.Parse("2001:db8:0:5::")),
            new("six", "alice", IPAddress.Parse("2001:db8:0:4::")),
        }));
    }

    private string? Take(string owner) => Acquire(owner)?.Prefix.ToString();

    private PrefixLease? Acquire(string owner) => Acquire(Six, owner);

    private PrefixLease? Acquire(PrefixSource source, string owner) => _pools.Acquire(source, owner);

    private static PrefixSource.Single Single(string prefix) => new(Ipv6Prefix.Parse(prefix));

    private static Ipv6Pool Pool(string prefix, int length) =>
        new() { Name = "six", Prefix = Ipv6Prefix.Parse(prefix), PrefixLength = length };

    private sealed class Memory : ILeaseMemory
    {
        public IReadOnlyList<RememberedLease> Earlier { get; init; } = [];

        public List<RememberedLease> Later { get; } = [];

        public IReadOnlyList<RememberedLease> Recall(string pool) => [.. Earlier.Where(lease => lease.Pool == pool)];

        public void Remember(RememberedLease lease) => Later.Add(lease);
    }
}

using System.Net;
using Pptp.Appliance.Addressing;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Addressing;

public sealed class AddressPoolsTests
{
    private readonly AddressPools _pools = new();

    [SetUp]
    public void Fill() => Apply("10.8.0.10", "10.8.0.13");

    [Test]
    public void New_users_get_the_addresses_in_order()
    {
        Assert.That(new[] { Take("a"), Take("b"), Take("c") }, Is.EqualTo(new[] { "10.8.0.10", "10.8.0.11", "10.8.0.12" }));
    }

    [Test]
    public void A_user_gets_the_same_address_again_when_it_is_free()
    {
        Acquire("a");
        AddressLease lease = Acquire("b")!;
        lease.Dispose();
        Acquire("c");
        Assert.That(Take("b"), Is.EqualTo("10.8.0.11"));
    }

    [Test]
    public void A_user_whose_address_is_in_use_gets_another()
    {
        Assert.That(Take("a"), Is.EqualTo("10.8.0.10"));
        Assert.That(Take("a"), Is.EqualTo("10.8.0.11"));
    }

    [Test]
    public void When_all_were_used_the_one_free_longest_goes_to_a_new_user()
    {
        AddressLease[] leases = [.. "abcd".Select(c => Acquire(c.ToString())!)];
        leases[2].Dispose();
        leases[0].Dispose();
        Assert.That(Take("e"), Is.EqualTo("10.8.0.12"));
        Assert.That(Take("c"), Is.EqualTo("10.8.0.10"), "its own went to another");
    }

    [Test]
    public void An_exhausted_pool_gives_nothing_until_one_is_returned()
    {
        AddressLease[] leases = [.. "abcd".Select(c => Acquire(c.ToString())!)];
        Assert.That(Acquire("e"), Is.Null);
        leases[3].Dispose();
        leases[3].Dispose();
        Assert.That(Take("e"), Is.EqualTo("10.8.0.13"));
        Assert.That(Acquire("f"), Is.Null, "returned twice is free once");
    }

    [Test]
    public void Our_own_address_is_not_given_out()
    {
        Assert.That(_pools.Acquire("dial-in", "a", IPAddress.Parse("10.8.0.10"))!.Address.ToString(), Is.EqualTo("10.8.0.11"));
    }

    [Test]
    public void An_unknown_pool_gives_nothing()
    {
        Assert.That(_pools.Acquire("other", "a", null), Is.Null);
    }

    [Test]
    public void New_ranges_leave_leases_alone_and_take_back_what_they_no_longer_hold()
    {
        AddressLease a = Acquire("a")!;
        AddressLease b = Acquire("b")!;
        Apply("10.8.0.11", "10.8.0.12");
        Assert.That(Take("c"), Is.EqualTo("10.8.0.12"), "10.8.0.11 is still b's");
        a.Dispose();
        Assert.That(Acquire("d"), Is.Null, "10.8.0.10 is no longer in the pool");
        b.Dispose();
        Assert.That(Take("b"), Is.EqualTo("10.8.0.11"));
    }

    [Test]
    public void A_full_pool_goes_on_with_the_next_and_the_user_gets_the_same_again_from_there()
    {
        Apply(Pool("a", "10.8.0.10", "10.8.0.10", next: "b"), Pool("b", "10.9.0.10", "10.9.0.11", next: "c"),
            Pool("c", "10.10.0.10", "10.10.0.10"));

        AddressLease first = _pools.Acquire("a", "first", null)!;
        AddressLease second = _pools.Acquire("a", "second", null)!;
        Assert.That(second.Address.ToString(), Is.EqualTo("10.9.0.10"));
        Assert.That(_pools.Acquire("a", "third", null)!.Address.ToString(), Is.EqualTo("10.9.0.11"));
        Assert.That(_pools.Acquire("a", "fourth", null)!.Address.ToString(), Is.EqualTo("10.10.0.10"));
        Assert.That(_pools.Acquire("a", "fifth", null), Is.Null, "the end of the chain");

        first.Dispose();
        second.Dispose();
        Assert.That(_pools.Acquire("a", "second", null)!.Address.ToString(), Is.EqualTo("10.9.0.10"), "again");
    }

    [Test]
    public void A_chain_that_a_reload_cuts_ends_there()
    {
        Apply(Pool("a", "10.8.0.10", "10.8.0.10", next: "b"), Pool("b", "10.9.0.10", "10.9.0.11"));
        _pools.Acquire("a", "first", null);

        Apply(Pool("a", "10.8.0.10", "10.8.0.10"), Pool("b", "10.9.0.10", "10.9.0.11"));

        Assert.That(_pools.Acquire("a", "second", null), Is.Null);
    }

    [Test]
    public void Two_pools_with_the_same_addresses_never_lend_one_twice()
    {
        Apply(Pool("a", "10.8.0.10", "10.8.0.12"), Pool("b", "10.8.0.11", "10.8.0.13"));

        AddressLease[] ofA = [.. "xyz".Select(c => _pools.Acquire("a", c.ToString(), null)!)];
        Assert.That(_pools.Acquire("b", "v", null)!.Address.ToString(), Is.EqualTo("10.8.0.13"));
        Assert.That(_pools.Acquire("b", "w", null), Is.Null);
        Assert.That(_pools.UsageOf("b"), Is.EqualTo(new PoolUsage(3, 1, 0)));

        ofA[1].Dispose();
        Assert.That(_pools.Acquire("b", "w", null)!.Address.ToString(), Is.EqualTo("10.8.0.11"), "passed over is not lost");
        Assert.That(_pools.Acquire("a", "u", null), Is.Null);
    }

    [Test]
    public void An_address_a_secret_gives_is_not_lent_by_a_pool_meanwhile()
    {
        AddressLease ours = _pools.TakeLocal(IPAddress.Parse("10.8.0.10"));
        AddressLease fixedOne = _pools.Take(IPAddress.Parse("10.8.0.11"), "alice")!;

        Assert.That(Take("b"), Is.EqualTo("10.8.0.12"));
        Assert.That(_pools.Take(IPAddress.Parse("10.8.0.12"), "alice"), Is.Null, "it is b's");
        Assert.That(Take("c"), Is.EqualTo("10.8.0.13"));
        Assert.That(Take("d"), Is.Null);
        ours.Dispose();
        fixedOne.Dispose();
        Assert.That(new[] { Take("d"), Take("e"), Take("f") }, Is.EqualTo(new[] { "10.8.0.10", "10.8.0.11", null }));
    }

    [Test]
    public void A_user_has_the_same_address_again_where_our_own_end_is_of_the_same_pool()
    {
        string[] addresses = new string[3];
        for (int i = 0; i < addresses.Length; i++)
        {
            using AddressLease ours = _pools.AcquireLocal("dial-in")!;
            using AddressLease his = _pools.Acquire("dial-in", "alice", ours.Address)!;
            addresses[i] = his.Address.ToString();
        }
        Assert.That(addresses, Is.All.EqualTo("10.8.0.11"));
    }

    [Test]
    public void The_sessions_of_one_user_share_his_one_address()
    {
        AddressLease first = _pools.Take(IPAddress.Parse("10.0.0.5"), "alice")!;
        AddressLease second = _pools.Take(IPAddress.Parse("10.0.0.5"), "alice")!;
        first.Dispose();
        Assert.That(_pools.Take(IPAddress.Parse("10.0.0.5"), "bob"), Is.Null, "one session of alice is left");
        second.Dispose();
        Assert.That(_pools.Take(IPAddress.Parse("10.0.0.5"), "bob"), Is.Not.Null);
    }

    [Test]
    public void Total_used_and_available_count_every_lease()
    {
        AddressLease a = Acquire("a")!;
        Acquire("b");
        Assert.That(_pools.UsageOf("dial-in"), Is.EqualTo(new PoolUsage(4, 2, 2)));
        Assert.That(_pools.Used, Is.EqualTo(new[]
        {
            new UsedAddress("dial-in", IPAddress.Parse("10.8.0.10"), "PPP", "a"),
            new UsedAddress("dial-in", IPAddress.Parse("10.8.0.11"), "PPP", "b"),
        }));

        Apply("10.8.0.11", "10.8.0.12");
        Assert.That(_pools.UsageOf("dial-in"), Is.EqualTo(new PoolUsage(2, 2, 1)), "a's lies outside now, and is counted");
        a.Dispose();
        Assert.That(_pools.UsageOf("dial-in"), Is.EqualTo(new PoolUsage(2, 1, 1)));
        Assert.That(_pools.UsageOf("other"), Is.Null);
    }

    [Test]
    public void A_pool_that_is_gone_is_counted_until_its_last_lease_ends()
    {
        AddressLease a = Acquire("a")!;
        _pools.Apply([]);
        Assert.That(Acquire("b"), Is.Null);
        Assert.That(_pools.UsageOf("dial-in"), Is.EqualTo(new PoolUsage(0, 1, 0)));
        a.Dispose();
        _pools.Apply([]);
        Assert.That(_pools.UsageOf("dial-in"), Is.Null);
    }

    [Test]
    public void What_is_remembered_of_an_earlier_run_goes_to_its_user_again_and_to_others_last()
    {
        Memory memory = new()
        {
            Earlier =
            [
                new("dial-in", "old", IPAddress.Parse("10.8.0.11")),
                new("dial-in", "alice", IPAddress.Parse("10.8.0.10")),
                new("dial-in", "gone", IPAddress.Parse("10.99.0.1")),
            ],
        };
        AddressPools pools = new(memory);
        pools.Apply([Pool("dial-in", "10.8.0.10", "10.8.0.13")]);

        string?[] taken = [.. new[] { "bob", "alice", "carol", "dave", "eve" }
            .Select(user => pools.Acquire("dial-in", user, null)?.Address.ToString())];

        Assert.That(taken, Is.EqualTo(new[] { "10.8.0.12", "10.8.0.10", "10.8.0.13", "10.8.0.11", null }));
        Assert.That(memory.Later.Select(lease => lease.Owner), Is.EqualTo(new[] { "bob", "alice", "carol", "dave" }));
    }

    [Test]
    public void A_lease_is_remembered_when_it_begins_and_when_it_ends()
    {
        Memory memory = new();
        AddressPools pools = new(memory);
        pools.Apply([Pool("dial-in", "10.8.0.10", "10.8.0.13")]);
        RememberedLease lease = new("dial-in", "alice", IPAddress.Parse("10.8.0.10"));

        pools.Acquire("dial-in", "alice", null)!.Dispose();

        Assert.That(memory.Later, Is.EqualTo(new[] { lease, lease }));
    }

    private string? Take(string owner) => Acquire(owner)?.Address.ToString();

    private AddressLease? Acquire(string owner) => _pools.Acquire("dial-in", owner, null);

    private void Apply(string first, string last) => Apply(Pool("dial-in", first, last));

    private void Apply(params IpPool[] pools) => _pools.Apply(pools);

    private static IpPool Pool(string name, string first, string last, string? next = null) => new()
    {
        Name = name,
        NextPool = next,
        Ranges = [new Ipv4Range(Ipv4Range.ToNumber(IPAddress.Parse(first)), Ipv4Range.ToNumber(IPAddress.Parse(last)))],
    };

    private sealed class Memory : ILeaseMemory
    {
        public IReadOnlyList<RememberedLease> Earlier { get; init; } = [];

        public List<RememberedLease> Later { get; } = [];

        public IReadOnlyList<RememberedLease> Recall(string pool) => [.. Earlier.Where(lease => lease.Pool == pool)];

        public void Remember(RememberedLease lease) => Later.Add(lease);
    }
}

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

    private string? Take(string owner) => Acquire(owner)?.Address.ToString();

    private AddressLease? Acquire(string owner) => _pools.Acquire("dial-in", owner, null);

    private void Apply(string first, string last) => _pools.Apply(
    [
        new IpPool { Name = "dial-in", Ranges = [new Ipv4Range(Ipv4Range.ToNumber(IPAddress.Parse(first)), Ipv4Range.ToNumber(IPAddress.Parse(last)))] },
    ]);
}

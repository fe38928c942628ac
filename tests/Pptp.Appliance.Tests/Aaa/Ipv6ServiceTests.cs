using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Addressing;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>Who has IPv6, and whose prefix.</summary>
public sealed class Ipv6ServiceTests
{
    private static readonly Ipv6Prefix Prefix = Ipv6Prefix.Parse("2001:db8:8::/64");
    private static readonly PppIpv6Route Route = new(Ipv6Prefix.Parse("2001:db8:7::/64"), IPAddress.IPv6Any, 1);

    [TestCase(Negotiation.Default, Negotiation.Default, null)]
    [TestCase(Negotiation.Default, Negotiation.Yes, false)]
    [TestCase(Negotiation.Default, Negotiation.Required, true)]
    [TestCase(Negotiation.No, Negotiation.Yes, null)]
    [TestCase(Negotiation.Yes, Negotiation.No, false)]
    [TestCase(Negotiation.Required, Negotiation.No, true)]
    public void The_profile_says_whether_and_the_default_profile_where_it_does_not(
        Negotiation own, Negotiation inherited, bool? isRequired) => Assert.That(
        Resolve(new PppProfile { Name = "own", UseIpv6 = own }, new PppProfile { Name = "fallback", UseIpv6 = inherited })?.IsRequired,
        Is.EqualTo(isRequired));

    [Test]
    public void Who_is_given_a_prefix_or_routes_has_IPv6_unless_his_profile_says_no()
    {
        PppProfile plain = new() { Name = "plain" };
        PppProfile no = plain with { UseIpv6 = Negotiation.No };
        PppProfile pool = plain with { RemoteIpv6PrefixPool = "six" };
        PppSecret prefix = new() { Name = "u", RemoteIpv6Prefix = Prefix };
        PppSecret routes = new() { Name = "u", Ipv6Routes = [Route] };
        Assert.Multiple(() =>
        {
            Assert.That(Resolve(pool, plain), Is.Not.Null);
            Assert.That(Resolve(plain, pool), Is.Not.Null);
            Assert.That(Resolve(plain, plain, prefix), Is.Not.Null);
            Assert.That(Resolve(plain, plain, routes)?.Routes, Is.EqualTo(new[] { Route }));
            Assert.That(Resolve(plain, plain, prefix)?.Routes, Is.Empty);
            Assert.That(Resolve(no, pool, prefix), Is.Null);
            Assert.That(Resolve(plain, no, prefix), Is.Null);
        });
    }

    [Test]
    public void The_secrets_prefix_goes_before_a_pool_and_the_profiles_pool_before_that_of_the_default_profile()
    {
        PppProfile own = new() { Name = "own", RemoteIpv6PrefixPool = "six" };
        PppProfile fallback = new() { Name = "fallback", RemoteIpv6PrefixPool = "other", RemoteIpv6PrefixReuse = true };
        PppProfile plain = new() { Name = "plain", UseIpv6 = Negotiation.Yes };
        Assert.Multiple(() =>
        {
            Assert.That(Resolve(own, fallback, new PppSecret { Name = "u", RemoteIpv6Prefix = Prefix })?.Prefix,
                Is.EqualTo(new PrefixSource.Single(Prefix)));
            Assert.That(Resolve(own, fallback)?.Prefix, Is.EqualTo(new PrefixSource.Pool("six", Reuse: false)));
            Assert.That(Resolve(plain, fallback)?.Prefix, Is.EqualTo(new PrefixSource.Pool("other", Reuse: true)));
            Assert.That(Resolve(plain, plain)?.Prefix, Is.Null);
        });
    }

    private static Ipv6Service? Resolve(PppProfile own, PppProfile fallback, PppSecret? secret = null) =>
        Ipv6Service.Resolve(secret ?? new PppSecret { Name = "u" }, own, fallback);
}

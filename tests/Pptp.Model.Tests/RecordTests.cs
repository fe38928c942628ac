using System.Net;

namespace Pptp.Model.Tests;

/// <summary>The values the daemon works with.</summary>
internal sealed class RecordTests
{
    [Test]
    public void Lists_are_equal_when_their_members_are()
    {
        ValueList<int> list = [1, 2, 3];
        Assert.Multiple(() =>
        {
            Assert.That(list.Equals([1, 2, 3]), Is.True);
            Assert.That(list.Equals([1, 2]), Is.False);
            Assert.That(list.Equals([1, 3, 2]), Is.False);
            Assert.That(list.GetHashCode(), Is.EqualTo(ValueList.Create<int>([1, 2, 3]).GetHashCode()));
        });
    }

    [Test]
    public void Secrets_with_the_same_routes_are_the_same_secret()
    {
        PppSecret Make(string network) => new()
        {
            Name = "a",
            Routes = [new(IPNetwork.Parse(network), IPAddress.Parse("10.0.0.1"), 1)],
            Password = SecretValue.FromPassword("x"),
        };

        PppSecret secret = Make("10.1.0.0/24");
        Assert.That(Make("10.1.0.0/24"), Is.EqualTo(secret));
        Assert.That(Make("10.1.1.0/24"), Is.Not.EqualTo(secret));
    }

    [Test]
    public void A_range_knows_its_addresses()
    {
        Ipv4Range range = new(0x0A0000FE, 0x0A000101);
        Assert.Multiple(() =>
        {
            Assert.That(range.Count, Is.EqualTo(4));
            Assert.That(range.Contains(IPAddress.Parse("10.0.0.255")), Is.True);
            Assert.That(range.Contains(IPAddress.Parse("10.0.1.2")), Is.False);
            Assert.That(range.Contains(IPAddress.IPv6Loopback), Is.False);
            Assert.That(range.FirstAddress, Is.EqualTo(IPAddress.Parse("10.0.0.254")));
            Assert.That(range.LastAddress, Is.EqualTo(IPAddress.Parse("10.0.1.1")));
            Assert.That(new Ipv4Range(0, uint.MaxValue).Count, Is.EqualTo(1L << 32));
            Assert.That(() => Ipv4Range.ToNumber(IPAddress.IPv6Any), Throws.ArgumentException);
        });
    }

    [Test]
    public void The_built_in_profiles_are_always_there()
    {
        PptpConfiguration configuration = new() { Profiles = [new() { Name = "p" }] };
        Assert.Multiple(() =>
        {
            Assert.That(configuration.Profiles.Select(profile => profile.Name),
                Is.EqualTo(new[] { "default", "default-encryption", "p" }));
            Assert.That(new PptpConfiguration().FindProfile("default-encryption")!.UseEncryption,
                Is.EqualTo(Negotiation.Yes));
            Assert.That(configuration.FindProfile("none"), Is.Null);
        });
    }

    [Test]
    public void A_changed_copy_finds_what_it_was_changed_to()
    {
        PptpConfiguration before = new()
        {
            Secrets = [new() { Name = "old" }],
            Pools = [new() { Name = "a", Ranges = [new(1, 2)] }],
        };
        PptpConfiguration after = before with { Secrets = [new() { Name = "new" }] };

        Assert.Multiple(() =>
        {
            Assert.That(after.FindSecret("new", PppService.Pptp), Is.Not.Null);
            Assert.That(after.FindSecret("old", PppService.Pptp), Is.Null);
            Assert.That(after.FindPool("a"), Is.Not.Null);
            Assert.That(before.FindSecret("old", PppService.Pptp), Is.Not.Null);
            Assert.That(after, Is.Not.EqualTo(before));
        });
    }

    [Test]
    public void A_built_in_profile_given_in_a_list_takes_the_place_of_the_built_in_one()
    {
        PptpConfiguration configuration = new()
        {
            Profiles = [new() { Name = "default", UseEncryption = Negotiation.Required }],
        };

        Assert.That(configuration.FindProfile("default")!.UseEncryption, Is.EqualTo(Negotiation.Required));
        Assert.That(configuration.Profiles, Has.Count.EqualTo(2));
    }

    // RFC 5952 §4.
    [TestCase("2001:DB8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128")]
    [TestCase("2001:db8:0:1:1:1:1:1/128", "2001:db8:0:1:1:1:1:1/128")]
    [TestCase("2001:0:0:1:0:0:0:1/128", "2001:0:0:1::1/128")]
    [TestCase("2001:0db8:0001:0000::/64", "2001:db8:1::/64")]
    [TestCase("0:0:0:0:0:0:0:0/0", "::/0")]
    public void A_prefix_is_written_as_RFC_5952_has_it(string text, string canonical) =>
        Assert.That(Ipv6Prefix.Parse(text).ToString(), Is.EqualTo(canonical));

    [Test]
    public void A_prefix_knows_its_addresses()
    {
        Ipv6Prefix prefix = Ipv6Prefix.Parse("2001:db8:0:4::/62");
        Assert.Multiple(() =>
        {
            Assert.That(prefix.Contains(IPAddress.Parse("2001:db8:0:7:ffff:ffff:ffff:ffff")), Is.True);
            Assert.That(prefix.Contains(IPAddress.Parse("2001:db8:0:8::")), Is.False);
            Assert.That(prefix.Contains(IPAddress.Parse("2001:db8:0:3::")), Is.False);
            Assert.That(prefix.Contains(IPAddress.Loopback), Is.False);
            Assert.That(Ipv6Prefix.ToAddress(prefix.Last), Is.EqualTo(IPAddress.Parse("2001:db8:0:7:ffff:ffff:ffff:ffff")));
            Assert.That(prefix.ToIPNetwork(), Is.EqualTo(IPNetwork.Parse("2001:db8:0:4::/62")));
            Assert.That(Ipv6Prefix.Parse("::/0").Contains(IPAddress.Parse("ffff::1")), Is.True);
            Assert.That(Ipv6Prefix.Parse("::1/128").Contains(IPAddress.IPv6Loopback), Is.True);
            Assert.That(() => new Ipv6Prefix(1, 127), Throws.ArgumentException);
            Assert.That(() => new Ipv6Prefix(0, 129), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Ipv6Prefix.ToNumber(IPAddress.Loopback), Throws.ArgumentException);
        });
    }

    [TestCase("2001:db8::/32", "2001:db8:1::/48", true)]
    [TestCase("2001:db8:1::/48", "2001:db8::/32", true)]
    [TestCase("2001:db8:1::/48", "2001:db8:2::/48", false)]
    [TestCase("::/0", "fd00::/8", true)]
    public void Prefixes_overlap_where_one_holds_the_other(string one, string other, bool overlap) =>
        Assert.That(Ipv6Prefix.Parse(one).Overlaps(Ipv6Prefix.Parse(other)), Is.EqualTo(overlap));
}

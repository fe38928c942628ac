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
}

using System.Net;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>IPv6 of a session: the interface, the data path, the advertisements.</summary>
[CancelAfter(60_000)]
public sealed class Ipv6SessionTests : TunnelFixture
{
    private const string Prefix = "2001:db8:1::/64";
    private const string Behind = "2001:db8:7::/48";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Test]
    public void It_comes_up_on_the_interface_then_on_the_data_path_and_then_the_client_is_told_its_prefix()
    {
        FakePath path = ConnectWithIpv6();

        Ipv6PathParameters carried = TakeIpv6(path)!;
        Ipv6InterfaceSettings settings = World.Interfaces.Values.Single().Ipv6!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings.RemoteAddress, Is.EqualTo(IPAddress.Parse("fe80::2")));
            Assert.That(settings.LocalIdentifier, Is.Not.Zero.And.Not.EqualTo(2));
            Assert.That(settings.Prefix, Is.EqualTo(Ipv6Prefix.Parse(Prefix)));
            Assert.That(settings.Routes.Single().Destination, Is.EqualTo(Ipv6Prefix.Parse(Behind)));
            Assert.That(carried.RemoteIdentifier, Is.EqualTo(2));
            Assert.That(
                carried.AllowedSources, Is.EqualTo(new[] { Ipv6Prefix.Parse(Prefix), Ipv6Prefix.Parse(Behind) }));
            Assert.That(carried.IsRouter, Is.True);
        }
        byte[] advertisement = TakeAdvertisement(path);
        Assert.That(
            new IPAddress(advertisement.AsSpan(8, 16)), Is.EqualTo(settings.LocalAddress), "whom it comes from");
        Assert.That(new IPAddress(advertisement.AsSpan(80, 16)), Is.EqualTo(IPAddress.Parse("2001:db8:1::")));
        PptpSessionStatus status = World.Sessions.OfUser("alice").Single().Status!;
        Assert.That(
            (status.LocalIpv6Address, status.RemoteIpv6Address),
            Is.EqualTo((settings.LocalAddress, settings.RemoteAddress)));
    }

    [Test]
    public void A_client_that_looks_for_its_router_is_told_at_once()
    {
        FakePath path = ConnectWithIpv6();
        TakeAdvertisement(path);
        path.SolicitRouter();
        TakeAdvertisement(path);
    }

    [Test]
    public void A_client_is_told_again_from_time_to_time()
    {
        FakePath path = ConnectWithIpv6();
        TakeAdvertisement(path);
        World.Time.Advance(TimeSpan.FromSeconds(16));
        TakeAdvertisement(path);
    }

    [Test]
    public void A_client_without_a_prefix_has_link_local_addresses_and_hears_of_no_router()
    {
        UseProfile(profile => profile with { UseIpv6 = Negotiation.Yes });
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").LogInWithIpv6();
        Assert.That(TakeIpv6(path)!.AllowedSources, Is.Empty);
        path.SolicitRouter();
        World.WaitForLog("carries IPv6, fe80::2");
        Assert.That(path.SentPackets, Is.Empty);
    }

    [Test]
    public void A_client_that_closes_it_keeps_its_ipv4()
    {
        FakePath path = ConnectWithIpv6();
        Assert.That(TakeIpv6(path), Is.Not.Null);
        path.Deliver(PppFrame.Create(PppProtocol.Ipv6cp, [5, 9, 0, 4]));
        Assert.That(TakeIpv6(path), Is.Null);
        World.WaitForLog("carries no IPv6 any more - the peer closed IPv6CP");
        Assert.That(path.IsHalted, Is.False);
        Assert.That(World.Sessions.OfUser("alice").Single().Status!.RemoteIpv6Address, Is.Null);
    }

    [Test]
    public void A_client_without_it_has_ipv4()
    {
        Configure();
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret") { LacksIpv6 = true }.LogIn();
        World.WaitForLog("carries no IPv6 - the peer rejects IPv6CP");
        World.WaitForLog("<pptp-alice>: connected");
        Assert.That(path.Ipv6, Is.Empty);
    }

    [Test]
    public void A_client_without_it_is_sent_away_where_it_is_required()
    {
        UseProfile(profile => profile with { UseIpv6 = Negotiation.Required });
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret") { LacksIpv6 = true }.RunUntil(PppProtocol.Lcp, 5);
        World.WaitForLog("terminating... - IPv6 is required: the peer rejects IPv6CP");
    }

    [Test]
    public void A_kernel_without_it_leaves_ipv4()
    {
        World.Ipv6Refusal = new InvalidOperationException("no such family");
        Configure();
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").LogInWithIpv6();
        World.WaitForLog("<pptp-alice>: no IPv6 - no such family");
        Assert.That(path.Ipv6, Is.Empty);
        Assert.That(path.IsClosed, Is.False);
    }

    [Test]
    public void A_kernel_without_it_ends_the_link_where_it_is_required()
    {
        World.Ipv6Refusal = new InvalidOperationException("no such family");
        UseProfile(profile => profile with { UseIpv6 = Negotiation.Required });
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").LogInWithIpv6();
        AcknowledgeTermination(path);
        World.WaitForLog("terminating... - no IPv6 available");
    }

    [TestCase(Negotiation.Yes)]
    [TestCase(Negotiation.Required)]
    public void A_pool_without_a_prefix_left_takes_ipv6_away_or_the_whole_link_where_that_is_required(Negotiation use)
    {
        UseProfile(profile => profile with { UseIpv6 = use, RemoteIpv6PrefixPool = "prefixes" });
        World.Configuration = World.Configuration with
        {
            Ipv6Pools = [new Ipv6Pool { Name = "prefixes", Prefix = Ipv6Prefix.Parse(Prefix), PrefixLength = 64 }],
        };
        using PrefixLease? taken = TakeTheOnlyPrefix();
        FakePath path = Dial();
        FakeClient client = new(path, "alice", "secret");
        if (use == Negotiation.Required)
        {
            client.RunUntil(PppProtocol.Lcp, 5);
            World.WaitForLog("terminating... - no IPv6 prefix available");
            return;
        }
        client.LogIn();
        World.WaitForLog("could not determine IPv6 prefix");
        World.WaitForLog("<pptp-alice>: connected");
        Assert.That(path.Ipv6, Is.Empty);
    }

    private PrefixLease? TakeTheOnlyPrefix()
    {
        World.PrefixPools.Apply(World.Configuration.Ipv6Pools);
        return World.PrefixPools.Acquire(new PrefixSource.Pool("prefixes", Reuse: false), "bob");
    }

    private FakePath ConnectWithIpv6()
    {
        Configure();
        FakePath path = Dial();
        new FakeClient(path, "alice", "secret").LogInWithIpv6();
        return path;
    }

    private void Configure() => World.Configuration = World.Configuration with
    {
        Secrets =
        [
            .. World.Configuration.Secrets.Select(secret => secret with
            {
                RemoteIpv6Prefix = Ipv6Prefix.Parse(Prefix),
                Ipv6Routes = [new PppIpv6Route(Ipv6Prefix.Parse(Behind), IPAddress.IPv6Any, 1)],
            }),
        ],
    };

    private void UseProfile(Func<PppProfile, PppProfile> change) => World.Configuration = World.Configuration with
    {
        Profiles = [change(new PppProfile { Name = "six" })],
        Secrets = [.. World.Configuration.Secrets.Select(secret => secret with { Profile = "six" })],
    };

    private static Ipv6PathParameters? TakeIpv6(FakePath path)
    {
        Assert.That(path.Ipv6.TryTake(out Ipv6PathParameters? carried, Soon), Is.True, "the data path was never told");
        return carried;
    }

    private static byte[] TakeAdvertisement(FakePath path)
    {
        Assert.That(path.SentPackets.TryTake(out byte[]? packet, Soon), Is.True, "there is no advertisement");
        Assert.That((packet![6], packet[40]), Is.EqualTo(((byte)58, (byte)134)));
        return packet;
    }
}

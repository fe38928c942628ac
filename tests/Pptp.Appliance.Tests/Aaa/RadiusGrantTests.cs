using System.Globalization;
using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.Addressing;
using Pptp.Model;
using Pptp.Protocol.Ppp;
using Pptp.Radius;
using static Pptp.Radius.RadiusAttributes;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>What a server gives, from the octets of its Access-Accept.</summary>
public sealed class RadiusGrantTests
{
    [Test]
    public void An_address_is_the_clients()
    {
        RadiusGrant grant = Read(Of(FramedIpAddress, "10.9.0.5"));
        Assert.That(grant.RemoteAddress, Is.EqualTo(new AddressSource.Single(IPAddress.Parse("10.9.0.5"))));
        Assert.That(grant.Warnings, Is.Empty);
    }

    [TestCase("127.0.0.1")]
    [TestCase("239.1.1.1")]
    [TestCase("255.255.255.254")]
    [TestCase("255.255.255.255")]
    [TestCase("0.0.0.0")]
    public void An_address_that_is_none_leaves_the_choice_to_the_pool(string address)
    {
        Assert.That(Read(Of(FramedIpAddress, address)).RemoteAddress, Is.Null);
        Assert.That(
            Read(Of(FramedIpAddress, address), Text(FramedPool, "p")).RemoteAddress,
            Is.EqualTo(new AddressSource.Pool("p")));
    }

    [Test]
    public void A_pool_counts_only_without_an_address() => Assert.That(
        Read(Text(FramedPool, "p"), Of(FramedIpAddress, "10.9.0.5")).RemoteAddress, Is.InstanceOf<AddressSource.Single>());

    [Test]
    public void A_netmask_is_a_route_to_the_clients_network()
    {
        Assert.That(
            Routes(Of(FramedIpNetmask, "255.255.255.0"), Of(FramedIpAddress, "10.9.0.5")),
            Is.EqualTo(new[] { "10.9.0.0/24 0.0.0.0 0" }));
        Assert.That(Routes(Of(FramedIpNetmask, "255.255.255.255"), Of(FramedIpAddress, "10.9.0.5")), Is.Empty);
        Assert.That(
            Read(Of(FramedIpNetmask, "255.0.255.0")).Warnings,
            Is.EqualTo(new[] { "Framed-IP-Netmask = 255.0.255.0 is ignored: is no netmask" }));
    }

    [TestCase("10.1.0.0/24 10.9.0.5 3", "10.1.0.0/24 10.9.0.5 3")]
    [TestCase("10.1.0.0/24 0.0.0.0 1 2 -1 3", "10.1.0.0/24 0.0.0.0 1")]
    [TestCase("10.1.0.0/24", "10.1.0.0/24 0.0.0.0 0")]
    [TestCase("192.168.7.0 10.9.0.5 1", "192.168.7.0/24 10.9.0.5 1")]
    [TestCase("10.0.0.0", "10.0.0.0/8 0.0.0.0 0")]
    public void A_route_leads_to_the_client(string text, string route) =>
        Assert.That(Routes(Text(FramedRoute, text)), Is.EqualTo(new[] { route }));

    [TestCase("10.1.0.0/33 0.0.0.0 1")]
    [TestCase("here 0.0.0.0 1")]
    [TestCase("10.1.0.0/24 there 1")]
    [TestCase("10.1.0.0/24 0.0.0.0 -1")]
    [TestCase("2001:db8::/32 :: 1")]
    public void A_route_that_is_none_is_named(string text)
    {
        RadiusGrant grant = Read(Text(FramedRoute, text), Text(MikrotikGroup, "g"));
        Assert.That(grant.Routes, Is.Empty);
        Assert.That(grant.Warnings.Single(), Does.StartWith($"Framed-Route = \"{text}\" is ignored: it is no route"));
        Assert.That(grant.Group, Is.EqualTo("g"), "the others still count");
    }

    [Test]
    public void An_attribute_of_wrong_length_is_named_and_the_others_count()
    {
        RadiusGrant grant = Read(
            new RadiusValue(SessionTimeout, new byte[3]), new RadiusValue(FramedIpAddress, new byte[5]),
            new RadiusValue(FramedIpv6Prefix, new byte[] { 0, 200 }), new RadiusValue(FilterId, new byte[] { 0xff }),
            RadiusValue.Of(IdleTimeout, 60));
        Assert.That(grant.Warnings, Is.EqualTo(new[]
        {
            "Session-Timeout =  is ignored: it has 3 octets instead of 4",
            "Framed-IP-Address =  is ignored: it has 5 octets instead of 4",
            "Framed-IPv6-Prefix (2 octets) is ignored: its 2 octets are no prefix",
            "Filter-Id = \"\" is ignored: its 1 octets are no text",
        }));
        Assert.That(grant.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [TestCase("a", "a", "a")]
    [TestCase("a.in", "a", null)]
    [TestCase("a.out", null, "a")]
    [TestCase("a.in b.out", "a", "b")]
    [TestCase("a b.out", "a", "b")]
    [TestCase("a.in b.in", "b", null)]
    public void A_filter_is_for_the_direction_of_its_suffix_and_the_last_counts(string chains, string? incoming, string? outgoing)
    {
        RadiusGrant grant = Read([.. chains.Split(' ').Select(chain => Text(FilterId, chain))]);
        Assert.That((grant.IncomingFilter, grant.OutgoingFilter), Is.EqualTo((incoming, outgoing)));
    }

    [TestCase("rate=1M/2M ascend-data=5 wispr-up=7", "1M/2M")]
    [TestCase("ascend-data=64000 wispr-up=7", "64k")]
    [TestCase("ascend-data=64000 ascend-data=128000", "128k/64k")]
    [TestCase("ascend-data=64000 ascend-xmit=128000", "64k/128k")]
    [TestCase("wispr-up=64000 wispr-down=128000", "64k/128k")]
    public void The_rate_is_mikrotiks_then_ascends_then_wisprs(string attributes, string rate)
    {
        RadiusGrant grant = Read([.. attributes.Split(' ').Select(RateAttribute)]);
        Assert.That(grant.RateLimit!.Rate, Is.EqualTo(RateLimit.Parse(rate)!.Rate));
    }

    [Test]
    public void A_rate_that_is_none_is_named_and_another_kind_counts()
    {
        RadiusGrant grant = Read(Text(MikrotikRateLimit, "fast"), RadiusValue.Of(AscendDataRate, 64000));
        Assert.That(grant.RateLimit!.Rate.Receive, Is.EqualTo(64000));
        Assert.That(grant.Warnings, Is.EqualTo(new[] { "Mikrotik-Rate-Limit = \"fast\" is ignored: is no rate limit" }));
    }

    [Test]
    public void Limits_have_gigawords()
    {
        RadiusGrant grant = Read(
            RadiusValue.Of(MikrotikReceiveLimit, 5), RadiusValue.Of(MikrotikReceiveLimitGigawords, 2),
            RadiusValue.Of(MikrotikTransmitLimitGigawords, 1),
            RadiusValue.Of(MikrotikTotalLimit, 7), RadiusValue.Of(MikrotikTotalLimitGigawords, 3));
        Assert.That(
            (grant.LimitBytesIn, grant.LimitBytesOut, grant.LimitBytesTotal),
            Is.EqualTo(((2L << 32) + 5, 1L << 32, (3L << 32) + 7)));
        SessionParameters parameters = SessionParameters.Resolve(new PptpConfiguration(), "nemo", grant);
        Assert.That(
            (parameters.LimitBytesIn, parameters.LimitBytesOut, parameters.LimitBytesTotal),
            Is.EqualTo(((2L << 32) + 5, 1L << 32, (3L << 32) + 7)));
    }

    [Test]
    public void Ipv6_is_given_as_prefix_routes_or_pool()
    {
        RadiusGrant grant = Read(
            RadiusValue.Of(FramedIpv6Prefix, IPAddress.Parse("2001:db8:1::"), 64),
            RadiusValue.Of(DelegatedIpv6Prefix, IPAddress.Parse("2001:db8:2::"), 56),
            Text(FramedIpv6Route, "2001:db8:3::/64 :: 7"), Text(FramedIpv6Pool, "six"));
        Assert.That(grant.Ipv6Prefix.ToString(), Is.EqualTo("2001:db8:1::/64"));
        Assert.That(
            grant.Ipv6Routes.Select(route => $"{route.Destination} {route.Metric}"),
            Is.EqualTo(new[] { "2001:db8:2::/56 0", "2001:db8:3::/64 7" }));
        Assert.That(grant.Ipv6Pool, Is.EqualTo("six"));
    }

    [TestCase(1, null, EncryptionPolicy.Yes)]
    [TestCase(2, null, EncryptionPolicy.Required)]
    [TestCase(2, 0, EncryptionPolicy.Required)]
    [TestCase(null, 4, EncryptionPolicy.Yes)]
    [TestCase(null, 0, EncryptionPolicy.No)]
    [TestCase(null, null, null)]
    [TestCase(3, null, null)]
    public void Encryption_is_what_policy_and_types_say(int? policy, int? types, EncryptionPolicy? expected)
    {
        List<RadiusValue> values = [];
        if (policy is { } p)
            values.Add(RadiusValue.Of(MsMppeEncryptionPolicy, (uint)p));
        if (types is { } t)
            values.Add(RadiusValue.Of(MsMppeEncryptionTypes, (uint)t));
        Assert.That(Read([.. values]).Encryption, Is.EqualTo(expected));
    }

    [TestCase(1, 2)]
    [TestCase(2, 1)]
    public void Of_two_policies_the_stricter_counts(int first, int second) => Assert.That(
        Read(RadiusValue.Of(MsMppeEncryptionPolicy, (uint)first), RadiusValue.Of(MsMppeEncryptionPolicy, (uint)second))
            .Encryption,
        Is.EqualTo(EncryptionPolicy.Required));

    [Test]
    public void A_session_has_what_is_given_before_what_its_profile_says()
    {
        PptpConfiguration configuration = new()
        {
            Profiles =
            [
                new PppProfile
                {
                    Name = "office",
                    LocalAddress = new AddressSource.Single(IPAddress.Parse("10.9.0.1")),
                    RemoteAddress = new AddressSource.Single(IPAddress.Parse("10.9.0.2")),
                    RateLimit = RateLimit.Parse("1M"),
                    SessionTimeout = TimeSpan.FromHours(1),
                    IdleTimeout = TimeSpan.FromHours(2),
                    OnlyOne = OnlyOne.Yes,
                    UseEncryption = Negotiation.Required,
                    IncomingFilter = "in",
                    OutgoingFilter = "out",
                    DnsServer = [IPAddress.Parse("9.9.9.9")],
                },
            ],
        };
        RadiusGrant grant = Read(
            Text(MikrotikGroup, "office"), Text(FramedPool, "p"), Text(MikrotikRateLimit, "2M"),
            RadiusValue.Of(SessionTimeout, 60), RadiusValue.Of(IdleTimeout, 0), Text(FilterId, "x.in"),
            RadiusValue.Of(MsMppeEncryptionTypes, 0), Of(MsPrimaryDnsServer, "8.8.8.8"), Text(FramedIpv6Pool, "six"));
        SessionParameters parameters = SessionParameters.Resolve(configuration, "nemo", grant);
        Assert.That(parameters.User, Is.EqualTo("nemo"));
        Assert.That(parameters.LocalAddress, Is.EqualTo(new AddressSource.Single(IPAddress.Parse("10.9.0.1"))));
        Assert.That(parameters.RemoteAddress, Is.EqualTo(new AddressSource.Pool("p")));
        Assert.That(parameters.RateLimit!.Rate.Receive, Is.EqualTo(2_000_000));
        Assert.That(parameters.SessionTimeout, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(parameters.IdleTimeout, Is.Null);
        Assert.That(parameters.OnlyOne, Is.EqualTo(OnlyOne.No));
        Assert.That(parameters.Encryption, Is.EqualTo(EncryptionPolicy.Required), "no server takes that away");
        Assert.That(
            (parameters.Firewall.IncomingFilter, parameters.Firewall.OutgoingFilter), Is.EqualTo(("x", "out")));
        Assert.That(parameters.DnsServers, Is.EqualTo(new[] { IPAddress.Parse("8.8.8.8") }));
        Assert.That(parameters.Ipv6!.Prefix, Is.EqualTo(new PrefixSource.Pool("six", false)));
        Assert.That(parameters.Radius, Is.SameAs(grant));
    }

    [TestCase("020000fffe000005", 0x0200_00FF_FE00_0005UL, null)]
    [TestCase("0000000000000000", null, "it is 0")]
    [TestCase("00000000000005", null, "it has 7 octets instead of 8")]
    public void An_interface_identifier_is_the_clients(string octets, ulong? identifier, string? why)
    {
        RadiusGrant grant = Read(RadiusValue.Of(FramedInterfaceId, Convert.FromHexString(octets)));
        Assert.That(grant.InterfaceIdentifier, Is.EqualTo(identifier));
        Assert.That(
            grant.Warnings.SingleOrDefault(),
            Is.EqualTo(why is null ? null : $"Framed-Interface-Id ({octets.Length / 2} octets) is ignored: {why}"));
    }

    [Test]
    public void A_tunnel_that_is_not_the_one_it_is_in_is_named()
    {
        Assert.That(Read(RadiusValue.OfTunnel(TunnelType, 1, 1)).Warnings, Is.Empty);
        // RFC 2868 §3.1: 3 is L2TP.
        Assert.That(
            Read(RadiusValue.OfTunnel(TunnelType, 1, 3)).Warnings,
            Is.EqualTo(new[] { "Tunnel-Type:1 = 3 is ignored: sessions end here, and go into no other tunnel" }));
    }

    [Test]
    public void A_profile_that_there_is_not_is_as_none() => Assert.That(
        SessionParameters.Resolve(new PptpConfiguration(), "nemo", Read(Text(MikrotikGroup, "nowhere"))).Encryption,
        Is.EqualTo(SessionParameters.Resolve(new PptpConfiguration(), "nemo", new RadiusGrant()).Encryption));

    [Test]
    public void A_profile_and_lists_that_there_are_not_are_named_and_ignored()
    {
        PptpConfiguration configuration = new() { Profiles = [new PppProfile { Name = "own", AddressList = ["there"] }] };
        RadiusGrant grant = Read(
            Text(MikrotikGroup, "nowhere"), Text(MikrotikAddressList, "there"), Text(MikrotikAddressList, "not"),
            Text(FilterId, "none.in"));
        RadiusGrant within = grant.Within(configuration);
        Assert.That(within.Group, Is.Null);
        Assert.That(within.AddressLists, Is.EqualTo(new[] { "there" }));
        Assert.That(within.IncomingFilter, Is.EqualTo("none"), "nobody comes in unfiltered");
        Assert.That(within.Warnings, Is.EqualTo(new[]
        {
            "Mikrotik-Group = \"nowhere\" is ignored: there is no such profile",
            "Mikrotik-Address-List = \"not\" is ignored: no profile has this address-list",
        }));
        Assert.That(Read(Text(MikrotikGroup, "own")).Within(configuration).Group, Is.EqualTo("own"));
    }

    private static RadiusGrant Read(params RadiusValue[] values) =>
        RadiusGrantReader.Read(RadiusReplies.Accept(values).Packet);

    private static IEnumerable<string> Routes(params RadiusValue[] values) =>
        Read(values).Routes.Select(route => $"{route.Destination} {route.Gateway} {route.Metric}");

    private static RadiusValue Of(RadiusAttribute attribute, string address) =>
        RadiusValue.Of(attribute, IPAddress.Parse(address));

    private static RadiusValue Text(RadiusAttribute attribute, string text) => RadiusValue.Of(attribute, text);

    private static RadiusValue RateAttribute(string text)
    {
        string[] parts = text.Split('=');
        RadiusAttribute? attribute = parts[0] switch
        {
            "ascend-data" => AscendDataRate,
            "ascend-xmit" => AscendTransmitRate,
            "wispr-up" => WisprMaximumUp,
            "wispr-down" => WisprMaximumDown,
            _ => null,
        };
        return attribute is null
            ? Text(MikrotikRateLimit, parts[1])
            : RadiusValue.Of(attribute, uint.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}

using System.Net;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;
using Pptp.Radius;
using static Pptp.Radius.RadiusAttributes;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>What a Disconnect- or CoA-Request wants, from its octets.</summary>
public sealed class RadiusOrderTests
{
    private static readonly IPAddress Ours = IPAddress.Parse("192.0.2.1");
    private static readonly RadiusValue Alice = RadiusValue.Of(UserName, "alice");

    [Test]
    public void It_names_sessions_by_all_that_it_gives()
    {
        RadiusOrder order = Read(
            RadiusCode.DisconnectRequest,
            RadiusValue.Of(AcctSessionId, "81000001"), Alice, RadiusValue.Of(FramedIpAddress, IPAddress.Parse("10.9.0.5")),
            RadiusValue.Of(NasPort, 7), RadiusValue.Of(CallingStationId, "198.51.100.7"),
            RadiusValue.Of(CalledStationId, "192.0.2.1"));
        Assert.That(order.IsDisconnect);
        Assert.That(order.Selector, Is.EqualTo(new SessionSelector
        {
            AcctSessionId = "81000001",
            User = "alice",
            Address = IPAddress.Parse("10.9.0.5"),
            NasPort = 7,
            CallerId = "198.51.100.7",
            CalledId = "192.0.2.1",
        }));
    }

    [Test]
    public void It_changes_what_RouterOS_lets_change()
    {
        RadiusOrder order = Read(
            RadiusCode.CoaRequest, Alice, RadiusValue.Of(MikrotikGroup, "g"), RadiusValue.Of(MikrotikRateLimit, "1M/2M"),
            RadiusValue.Of(MikrotikReceiveLimit, 5), RadiusValue.Of(MikrotikTransmitLimitGigawords, 1),
            RadiusValue.Of(FilterId, "c.in"), RadiusValue.Of(MikrotikAddressList, "l"),
            RadiusValue.Of(SessionTimeout, 60), RadiusValue.Of(IdleTimeout, 30), RadiusValue.Of(PortLimit, 2),
            RadiusValue.Of(AcctInterimInterval, 90));
        RadiusGrant grant = order.Grant;
        Assert.That(
            (grant.Group, grant.RateLimit, grant.LimitBytesIn, grant.LimitBytesOut, grant.IncomingFilter, grant.PortLimit),
            Is.EqualTo(("g", RateLimit.Parse("1M/2M"), 5L, 1L << 32, "c", 2)));
        Assert.That(
            (grant.SessionTimeout, grant.IdleTimeout, grant.InterimInterval),
            Is.EqualTo((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90))));
        Assert.That(grant.AddressLists, Is.EqualTo(new[] { "l" }));
        Assert.That(order.Changes, Does.StartWith("Mikrotik-Group = \"g\", Mikrotik-Rate-Limit = \"1M/2M\""));
    }

    [TestCase(RadiusCode.DisconnectRequest)]
    [TestCase(RadiusCode.CoaRequest)]
    public void Without_a_name_it_lacks_an_attribute(RadiusCode code) =>
        Assert.That(Refuse(code, RadiusValue.Of(NasIdentifier, "us")).Error, Is.EqualTo(DynamicAuthorizationError.MissingAttribute));

    [Test]
    public void A_change_of_nothing_lacks_an_attribute() =>
        Assert.That(Refuse(RadiusCode.CoaRequest, Alice).Error, Is.EqualTo(DynamicAuthorizationError.MissingAttribute));

    [Test]
    public void It_is_for_us_if_it_says_so()
    {
        RadiusValue[] ours = [RadiusValue.Of(NasIdentifier, "us"), RadiusValue.Of(NasIpAddress, Ours)];
        Assert.That(Read(RadiusCode.DisconnectRequest, [Alice, .. ours]).Selector.User, Is.EqualTo("alice"));
        foreach (RadiusValue other in (RadiusValue[])
            [RadiusValue.Of(NasIdentifier, "them"), RadiusValue.Of(NasIpAddress, IPAddress.Parse("192.0.2.9"))])
        {
            RadiusRefusal refusal = Refuse(RadiusCode.DisconnectRequest, Alice, other);
            Assert.That(refusal.Error, Is.EqualTo(DynamicAuthorizationError.NasIdentificationMismatch));
            Assert.That(refusal.Why, Is.EqualTo($"{other} is not ours"));
        }
    }

    private static IEnumerable<RadiusValue> Fixed() =>
    [
        RadiusValue.Of(FramedPool, "p"), RadiusValue.Of(FramedRoute, "10.1.0.0/24"),
        RadiusValue.Of(FramedIpNetmask, IPAddress.Parse("255.255.255.0")),
        RadiusValue.Of(FramedIpv6Prefix, IPAddress.Parse("2001:db8::"), 64),
        RadiusValue.Of(MsPrimaryDnsServer, IPAddress.Parse("192.0.2.53")),
        new RadiusValue(new RadiusAttribute("Unknown", 0, 250, RadiusValueKind.Octets), new byte[4]),
        new RadiusValue(new RadiusAttribute("Unknown", Mikrotik, 99, RadiusValueKind.Octets), new byte[4]),
        new RadiusValue(new RadiusAttribute("Unknown", 9, 1, RadiusValueKind.Octets), new byte[4]),
    ];

    [TestCaseSource(nameof(Fixed))]
    public void What_cannot_change_while_a_session_is_up_is_refused_with_all_the_rest(RadiusValue value) => Assert.That(
        Refuse(RadiusCode.CoaRequest, Alice, RadiusValue.Of(MikrotikRateLimit, "1M"), value).Error,
        Is.EqualTo(DynamicAuthorizationError.UnsupportedAttribute));

    [Test]
    public void A_disconnect_changes_nothing()
    {
        Assert.That(
            Refuse(RadiusCode.DisconnectRequest, Alice, RadiusValue.Of(MikrotikRateLimit, "1M")).Error,
            Is.EqualTo(DynamicAuthorizationError.UnsupportedAttribute));
        Assert.That(
            Read(RadiusCode.DisconnectRequest, Alice, RadiusValue.Of(AcctTerminateCause, 6), RadiusValue.Of(Class, "c")),
            Is.Not.Null);
    }

    private static IEnumerable<RadiusValue> Wrong() =>
    [
        RadiusValue.Of(MikrotikRateLimit, "fast"), new RadiusValue(SessionTimeout, new byte[3]),
        new RadiusValue(NasPort, new byte[2]), new RadiusValue(FramedIpAddress, new byte[5]),
        new RadiusValue(AcctSessionId, new byte[] { 0xff }),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void A_value_that_is_none_is_refused_by_name(RadiusValue value)
    {
        RadiusRefusal refusal = Refuse(RadiusCode.CoaRequest, Alice, RadiusValue.Of(IdleTimeout, 60), value);
        Assert.That(refusal.Error, Is.EqualTo(DynamicAuthorizationError.InvalidAttributeValue));
        Assert.That(refusal.Why, Does.StartWith(value.ToString()));
    }

    private static RadiusOrder Read(RadiusCode code, params RadiusValue[] values)
    {
        Assert.That(
            RadiusOrder.TryRead(PacketOf(code, values), "us", Ours.Equals, out RadiusOrder? order, out RadiusRefusal? refusal),
            refusal?.Why);
        return order!;
    }

    private static RadiusRefusal Refuse(RadiusCode code, params RadiusValue[] values)
    {
        Assert.That(
            RadiusOrder.TryRead(PacketOf(code, values), "us", Ours.Equals, out _, out RadiusRefusal? refusal), Is.False);
        return refusal!;
    }

    private static RadiusPacket PacketOf(RadiusCode code, params RadiusValue[] values)
    {
        byte[] octets = RadiusCodec.WriteRequest(new RadiusRequest(code, values), 1, "secret"u8, default);
        Assert.That(RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem), problem);
        return packet!;
    }
}

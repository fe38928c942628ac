using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Sessions;
using Pptp.Model;
using Pptp.Protocol.Ppp;
using Pptp.Radius;
using static Pptp.Radius.RadiusAttributes;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>What RADIUS servers do to sessions that are up.</summary>
[CancelAfter(60_000)]
public sealed class RadiusOrdersTests : TunnelFixture
{
    private static readonly RadiusValue Alice = RadiusValue.Of(UserName, "alice");
    private static readonly IPEndPoint Server = IPEndPoint.Parse("192.0.2.10:9999");

    private RadiusOrders _orders = null!;

    [SetUp]
    public void MakeOrders()
    {
        PppProfile profile = World.Configuration.FindProfile(PppProfile.DefaultName)!;
        World.Configuration = World.Configuration with
        {
            FirewallChains = [new() { Name = "guests" }, new() { Name = "staff" }],
            Profiles =
            [
                profile with { AddressList = ["all"] },
                profile with
                {
                    Name = "slow",
                    RateLimit = RateLimit.Parse("64k"),
                    IncomingFilter = "guests",
                    AddressList = ["late"],
                    SessionTimeout = TimeSpan.FromSeconds(20),
                },
            ],
        };
        _orders = new RadiusOrders(
            World.Sessions, () => World.Configuration, Server.Address.Equals, World.Time,
            ((ILoggerFactory)World).CreateLogger("radius,info"));
    }

    [TearDown]
    public void DisposeOfThem() => _orders.Dispose();

    [Test]
    public async Task Another_rate_and_other_limits_hold_from_now_on()
    {
        FakePath path = Connect();
        Assert.That(
            await ChangeAsync(
                Alice, RadiusValue.Of(MikrotikRateLimit, "1M/2M"), RadiusValue.Of(MikrotikReceiveLimit, 1000),
                RadiusValue.Of(MikrotikTransmitLimit, 2000)),
            Is.Null);
        Assert.That(path.RateLimits.Take(), Is.EqualTo(RateLimit.Parse("1M/2M")));
        Assert.That(path.Limits.Take(), Is.EqualTo((1000L, 2000L, 0L)));
        World.WaitForLog("192.0.2.10 changes alice: Mikrotik-Rate-Limit = \"1M/2M\", Mikrotik-Recv-Limit = 1000");

        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(MikrotikTransmitLimit, 3000)), Is.Null);
        Assert.That(path.Limits.Take(), Is.EqualTo((1000L, 3000L, 0L)), "the others stay");
        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(MikrotikTotalLimit, 3500)), Is.Null);
        Assert.That(path.Limits.Take(), Is.EqualTo((1000L, 3000L, 3500L)));
        Assert.That(path.RateLimits, Is.Empty);
    }

    [Test]
    public async Task Another_limit_of_sessions_holds_for_later_logins_and_ends_none()
    {
        Connect();
        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(PortLimit, 1)), Is.Null);
        new FakeClient(CallAgain(callId: 8), "alice", "secret").RunUntil(PppProtocol.Chap, 4);
        World.WaitForLog("user alice is already logged in");

        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(PortLimit, 2)), Is.Null);
        new FakeClient(CallAgain(callId: 9), "alice", "secret").LogIn();
        World.WaitForLog(": connected");

        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(PortLimit, 1)), Is.Null);
        Assert.That(
            World.Sessions.OfUser("alice").Select(session => session.IsEnding), Is.EqualTo(new[] { false, false }));
    }

    [Test]
    public async Task A_limit_of_sessions_is_forgotten_with_the_last_of_them()
    {
        FakePath path = Connect();
        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(PortLimit, 0)), Is.Null);
        new FakeClient(CallAgain(callId: 8), "alice", "secret").RunUntil(PppProtocol.Chap, 4);
        World.WaitForLog("user alice is already logged in");

        Task<DynamicAuthorizationError?> disconnect = AskAsync(RadiusCode.DisconnectRequest, Alice);
        while (NextLcp(path)[0] != 5)
        {
        }
        path.Deliver([0xFF, 0x03, 0xC0, 0x21, 6, 1, 0, 4]);
        World.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await disconnect, Is.Null);
        Assert.That(() => World.Sessions.OfUser("alice"), Is.Empty.After(30_000, 10));
        new FakeClient(CallAgain(callId: 9), "alice", "secret").LogIn();
        World.WaitForLog(": connected");
    }

    [Test]
    public async Task A_session_timeout_counts_from_the_sessions_beginning()
    {
        FakePath path = Connect();
        World.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(SessionTimeout, 20)), Is.Null);
        World.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(Farewell(path), Is.EqualTo("session timeout"));
    }

    [Test]
    public async Task A_session_timeout_that_is_over_ends_the_session()
    {
        FakePath path = Connect();
        World.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(SessionTimeout, 3)), Is.Null);
        Assert.That(Farewell(path), Is.EqualTo("session timeout"));
    }

    [Test]
    public async Task An_idle_timeout_counts_from_the_last_packet()
    {
        FakePath path = Connect();
        path.LastTraffic = World.Clock.Now;
        World.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(IdleTimeout, 10)), Is.Null);
        World.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(Farewell(path), Is.EqualTo("idle timeout"));
    }

    [Test]
    public async Task Filters_and_lists_are_swapped()
    {
        Connect();
        Assert.That(Firewall.AddressLists, Is.EqualTo(new[] { "all" }));
        Assert.That(
            await ChangeAsync(
                Alice, RadiusValue.Of(FilterId, "guests.in"), RadiusValue.Of(FilterId, "staff.out"),
                RadiusValue.Of(MikrotikAddressList, "late")),
            Is.Null);
        Assert.That(
            Firewall,
            Is.EqualTo(new FirewallMembership { IncomingFilter = "guests", OutgoingFilter = "staff", AddressLists = ["late"] }));
    }

    [Test]
    public async Task Another_group_is_another_profile()
    {
        FakePath path = Connect();
        Assert.That(await ChangeAsync(Alice, RadiusValue.Of(MikrotikGroup, "slow")), Is.Null);
        Assert.That(path.RateLimits.Take(), Is.EqualTo(RateLimit.Parse("64k")));
        Assert.That(Firewall, Is.EqualTo(new FirewallMembership { IncomingFilter = "guests", AddressLists = ["late"] }));
        World.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Farewell(path), Is.EqualTo("session timeout"));
    }

    [Test]
    public async Task What_there_is_not_changes_nothing()
    {
        FakePath path = Connect();
        foreach ((RadiusValue value, string why) in new[]
        {
            (RadiusValue.Of(MikrotikGroup, "nowhere"), "there is no profile nowhere"),
            (RadiusValue.Of(FilterId, "nobody.in"), "there is no firewall chain nobody"),
            (RadiusValue.Of(MikrotikAddressList, "none"), "there is no address list none"),
        })
        {
            Assert.That(
                await ChangeAsync(Alice, value, RadiusValue.Of(MikrotikRateLimit, "1M")),
                Is.EqualTo(DynamicAuthorizationError.InvalidAttributeValue));
            World.WaitForLog($"CoA-Request of 192.0.2.10 is refused with 407: {why}");
        }
        Assert.That(path.RateLimits, Is.Empty);
    }

    [Test]
    public async Task Of_several_sessions_all_are_changed_or_none()
    {
        FakePath first = Connect();
        FakePath second = ConnectAgain();
        int asked = 0;
        World.BeforeFirewall = () => Interlocked.Increment(ref asked) == 2
            ? throw new FirewallException("no room")
            : Task.CompletedTask;
        RadiusValue[] change =
            [Alice, RadiusValue.Of(FilterId, "guests.in"), RadiusValue.Of(MikrotikRateLimit, "1M")];

        Assert.That(await ChangeAsync(change), Is.EqualTo(DynamicAuthorizationError.ResourcesUnavailable));
        Assert.That(() => World.Interfaces.Values.Select(made => made.Firewall.IncomingFilter),
            Is.EqualTo(new string?[] { null, null }).After(30_000, 10), "one is taken back");
        Assert.That(first.RateLimits.Count + second.RateLimits.Count, Is.Zero);

        Assert.That(() => ChangeAsync(change).Result, Is.Null.After(30_000, 10));
        Assert.That(World.Interfaces.Values.Select(made => made.Firewall.IncomingFilter), Has.All.EqualTo("guests"));
        Assert.That((first.RateLimits.Count, second.RateLimits.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_disconnect_is_answered_when_the_session_is_gone()
    {
        FakePath path = Connect();
        Task<DynamicAuthorizationError?> disconnect = AskAsync(RadiusCode.DisconnectRequest, Alice);
        while (NextLcp(path)[0] != 5)
        {
        }
        Assert.That(disconnect.IsCompleted, Is.False);
        path.Deliver([0xFF, 0x03, 0xC0, 0x21, 6, 1, 0, 4]);
        World.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await disconnect, Is.Null);
        Assert.That(World.Ended.Take().Reason, Is.EqualTo(DisconnectReason.Reset));
        Assert.That(World.Sessions.All, Is.Empty);
    }

    [Test]
    public async Task Whoever_differs_in_one_thing_is_not_meant()
    {
        Connect();
        foreach (RadiusValue other in (RadiusValue[])
        [
            RadiusValue.Of(AcctSessionId, "none"), RadiusValue.Of(NasPort, 4711),
            RadiusValue.Of(FramedIpAddress, IPAddress.Parse("10.8.0.9")), RadiusValue.Of(CallingStationId, "192.0.2.8"),
            RadiusValue.Of(CalledStationId, "192.0.2.9"),
        ])
        {
            Assert.That(
                await AskAsync(RadiusCode.DisconnectRequest, Alice, other),
                Is.EqualTo(DynamicAuthorizationError.SessionContextNotFound), $"{other}");
        }
        Assert.That(
            await ChangeAsync(
                Alice, RadiusValue.Of(FramedIpAddress, IPAddress.Parse("10.8.0.2")),
                RadiusValue.Of(AcctSessionId, World.Sessions.All.Single().Identity.AcctSessionId),
                RadiusValue.Of(CallingStationId, "192.0.2.7"), RadiusValue.Of(CalledStationId, "192.0.2.1"),
                RadiusValue.Of(NasPort, World.Sessions.All.Single().Identity.NasPort),
                RadiusValue.Of(MikrotikRateLimit, "1M")),
            Is.Null);
    }

    private FirewallMembership Firewall => World.Interfaces.Values.Single().Firewall;

    /// <summary>What the client is told at the end.</summary>
    private static string Farewell(FakePath path)
    {
        byte[] packet;
        do
            packet = NextLcp(path);
        while (packet[0] != 5);
        return Encoding.ASCII.GetString(packet.AsSpan(4));
    }

    private FakePath Connect()
    {
        FakePath path = LogIn();
        World.WaitForLog(": connected");
        return path;
    }

    private FakePath ConnectAgain()
    {
        FakePath path = CallAgain(callId: 8);
        new FakeClient(path, "alice", "secret").LogIn();
        World.WaitForLog(": connected");
        return path;
    }

    private FakePath CallAgain(ushort callId)
    {
        Write(new Pptp.Protocol.Control.OutgoingCallRequest { CallId = callId, PacketReceiveWindowSize = 64 });
        return TakePath();
    }

    private Task<DynamicAuthorizationError?> ChangeAsync(params RadiusValue[] values) =>
        AskAsync(RadiusCode.CoaRequest, values);

    private async Task<DynamicAuthorizationError?> AskAsync(RadiusCode code, params RadiusValue[] values)
    {
        byte[] octets = RadiusCodec.WriteRequest(new RadiusRequest(code, values), 1, "secret"u8, default);
        Assert.That(RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem), problem);
        return (await _orders.CarryOutAsync(packet!, Server, default)).Error;
    }
}

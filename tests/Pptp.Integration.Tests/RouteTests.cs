using System.Net;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Networks behind clients.</summary>
[EffectOf("ppp-secret", "routes")]
internal sealed class RouteTests : ServerFixture
{
    private const string Office = "office";
    private const string Shop = "shop";
    private const string Astray = "astray";

    private static readonly IPNetwork Behind = IPNetwork.Parse("192.168.7.0/24");
    private static readonly IPNetwork FurtherBehind = IPNetwork.Parse("192.168.8.0/24");
    private static readonly IPAddress OfficeAddress = IPAddress.Parse("10.9.0.5");

    protected override ServerConfiguration Configuration => new()
    {
        Extra = ServerConfiguration.Secret(
                Office, "tunnel", $"remote-address = \"{OfficeAddress}\"",
                $"routes = [\"{Behind} 0.0.0.0 1\", \"{FurtherBehind} {OfficeAddress} 5\"]")
            + ServerConfiguration.Secret(Shop, "tunnel", $"routes = \"{Behind} 0.0.0.0 1\"")
            + ServerConfiguration.Secret(Astray, "tunnel", $"routes = \"{Behind} 198.51.100.9 1\""),
    };

    [Test]
    public async Task They_stand_while_the_session_is_up_and_vanish_with_it()
    {
        Assert.That(SessionRoutes(), Is.Empty);
        ScriptedCall call = await DialAsync(Office);

        int index = FindInterface($"pptp-{Office}")!.Index;
        Assert.That(SessionRoutes(), Is.EquivalentTo(new[]
        {
            new RouteEntry { Destination = Behind, InterfaceIndex = index, Metric = 1, Protocol = 217 },
            new RouteEntry
            {
                Destination = FurtherBehind, Gateway = OfficeAddress, InterfaceIndex = index, Metric = 5, Protocol = 217,
            },
        }));

        await call.Caller.DisposeAsync();
        Server.Log.WaitFor($"<pptp-{Office}>: disconnected", Soon, after: Mark);
        Assert.That(SessionRoutes(), Is.Empty);
    }

    [Test]
    public async Task Hosts_behind_the_client_are_heard_and_answered_and_no_others()
    {
        ScriptedCall call = await DialAsync(Office);

        Assert.That(await IsAnsweredAsync(call, IPAddress.Parse("192.168.7.77")), Is.True);
        Assert.That(await IsAnsweredAsync(call, IPAddress.Parse("192.168.8.1")), Is.True);
        call.SendPacket(Probe(IPAddress.Parse("192.168.9.1"), call));
        Assert.That(await IsAnsweredAsync(call, call.Address), Is.True);

        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        Assert.That(statistics["spoofed"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_route_two_users_have_is_the_firsts_then_the_others_and_both_stay_up()
    {
        ScriptedCall first = await DialAsync(Office);
        ScriptedCall second = await DialAsync(Shop);
        Server.Log.WaitFor($"the route to {Behind} with metric 1 exists already", Soon, after: Mark);
        IPAddress host = IPAddress.Parse("192.168.7.77");
        Assert.That(await IsAnsweredAsync(first, host), Is.True);

        await first.Caller.DisposeAsync();
        Server.Log.WaitFor($"<pptp-{Office}>: disconnected", Soon, after: Mark);

        int index = FindInterface($"pptp-{Shop}")!.Index;
        Assert.That(SessionRoutes().Select(route => route.InterfaceIndex), Is.EqualTo(new int?[] { index }));
        Assert.That(await IsAnsweredAsync(second, host), Is.True);
    }

    [Test]
    public async Task A_route_by_a_gateway_that_is_not_in_the_tunnel_is_logged_and_the_session_is_up()
    {
        ScriptedCall call = await DialAsync(Astray);
        Server.Log.WaitFor($"pptp-{Astray}: no route to {Behind} via 198.51.100.9", Soon, after: Mark);
        Assert.That(SessionRoutes(), Is.Empty);
        Assert.That(await IsAnsweredAsync(call, call.Address), Is.True);
    }

    private byte[] Probe(IPAddress source, ScriptedCall call) =>
        Ipv4Packet.CreateUdp(source, call.PeerAddress, 30_000, Echo.Port, "from behind"u8);

    /// <summary>Sends from an address and waits for what comes back to it.</summary>
    private async Task<bool> IsAnsweredAsync(ScriptedCall call, IPAddress source)
    {
        TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PacketHandler handler = packet =>
        {
            if (packet.Length >= 20 && new IPAddress(packet.Slice(16, 4)).Equals(source))
                answered.TrySetResult();
        };
        call.PacketReceived += handler;
        call.SendPacket(Probe(source, call));
        Task first = await Task.WhenAny(answered.Task, Task.Delay(Soon));
        call.PacketReceived -= handler;
        return first == answered.Task;
    }
}

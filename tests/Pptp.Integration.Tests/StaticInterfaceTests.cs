using System.Net;
using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Interfaces that are there whether their user is or not.</summary>
internal sealed class StaticInterfaceTests : ServerFixture
{
    private const string First = "branch-1";
    private const string Second = "branch-2";

    private static readonly ServerConfiguration Plain = new() { Users = [Alice, Bob] };

    protected override ServerConfiguration Configuration =>
        Plain with { Extra = Entry(First, Alice) + Entry(Second, Alice) + Entry("closed", Bob, "disabled = true") };

    protected override IReadOnlyList<string> StandingInterfaces => [First, Second];

    [SetUp]
    public async Task WaitUntilNobodyIsConnected() => Assert.That(
        await Poll.UntilAsync(() => StandingInterfaces.All(name => FindInterface(name) is { HasCarrier: false }), Soon),
        Is.Not.Null);

    [TearDown]
    public void RestoreTheConfiguration()
    {
        if (Server.Running)
            Reload(Configuration);
    }

    [Test]
    [EffectOf("pptp-server-interface", "name")]
    [EffectOf("pptp-server-interface", "disabled")]
    public void They_stand_without_carrier_and_address_while_nobody_is_connected()
    {
        Assert.That(AllInterfaces(), Is.EqualTo([First, Second]), "and not the disabled one");
        foreach (string name in AllInterfaces())
        {
            LinkEntry link = FindInterface(name)!;
            Assert.That(link.IsUp, Is.True);
            Assert.That(link.HasCarrier, Is.False);
            Assert.That(AddressesOf(link.Index), Is.Empty);
        }
    }

    [Test]
    [EffectOf("pptp-server-interface", "user")]
    public async Task A_user_takes_his_in_their_order_and_a_dynamic_one_beyond()
    {
        int[] indices = [FindInterface(First)!.Index, FindInterface(Second)!.Index];
        ScriptedCall one = await DialAsync(Alice);
        ScriptedCall two = await DialAsync(Alice);
        ScriptedCall three = await DialAsync(Alice);
        ScriptedCall other = await DialAsync(Bob);

        Assert.That(AllInterfaces(), Is.EqualTo([First, Second, "pptp-alice", "pptp-bob"]));
        Assert.That(FindInterface(First)!.Index, Is.EqualTo(indices[0]));
        Assert.That(FindInterface(Second)!.Index, Is.EqualTo(indices[1]));
        MustBeConnected(First, one);
        MustBeConnected(Second, two);
        MustBeConnected("pptp-alice", three);
        MustBeConnected("pptp-bob", other);
        foreach (ScriptedCall call in (ScriptedCall[])[one, two, three, other])
            await MustCarryAsync(call);
    }

    [Test]
    public async Task One_is_bare_again_after_the_session_and_is_taken_again_by_the_next()
    {
        int index = FindInterface(First)!.Index;
        for (int i = 0; i < 3; i++)
        {
            int mark = Server.Log.Mark;
            ScriptedCall call = await DialAsync(Alice);
            MustBeConnected(First, call);
            await MustCarryAsync(call);

            await call.Caller.DisposeAsync();
            Server.Log.WaitFor($"{First}: disconnected", Soon, after: mark);
            LinkEntry link = FindInterface(First)!;
            Assert.That(link.Index, Is.EqualTo(index));
            Assert.That(link.HasCarrier, Is.False);
            Assert.That(AddressesOf(index), Is.Empty);
        }
    }

    [Test]
    public async Task A_reload_adds_renames_and_removes_them()
    {
        int index = FindInterface(First)!.Index;
        Reload(Plain with { Extra = Entry(First, Alice) + Entry("renamed", Alice) + Entry("added", Bob) });

        Assert.That(TunnelInterfaces(), Is.EqualTo(["added", First, "renamed"]));
        Assert.That(FindInterface(First)!.Index, Is.EqualTo(index), "what has not changed is not touched");
        ScriptedCall call = await DialAsync(Bob);
        MustBeConnected("added", call);
    }

    [Test]
    public async Task One_that_is_taken_away_ends_its_session_and_no_other([Values] bool disabledOnly)
    {
        ScriptedCall mine = await DialAsync(Alice);
        ScriptedCall other = await DialAsync(Alice);

        Reload(Plain with
        {
            Extra = (disabledOnly ? Entry(First, Alice, "disabled = true") : "") + Entry(Second, Alice),
        });

        await mine.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));
        Server.Log.WaitFor($"{First}: terminating... - interface removed", Soon, after: Mark);
        await MustVanishAsync(First, Soon);
        MustBeConnected(Second, other);
        await MustCarryAsync(other);
    }

    [Test]
    public async Task One_that_changes_its_user_is_made_anew_for_the_other()
    {
        ScriptedCall call = await DialAsync(Alice);
        Reload(Plain with { Extra = Entry(First, Bob) });
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateRequest));
        Server.Log.WaitFor($"{First}: disconnected", Soon, after: Mark);

        ScriptedCall other = await DialAsync(Bob);
        MustBeConnected(First, other);
    }

    [Test]
    public async Task One_that_somebody_deleted_is_there_again_for_the_next_session()
    {
        ServerNetwork.Invoke(() =>
        {
            using RouteNetlink netlink = new();
            netlink.DeleteLink(netlink.FindLink(First)!.Index);
        });
        ScriptedCall call = await DialAsync(Alice);
        MustBeConnected(First, call);
        await MustCarryAsync(call);
    }

    [Test]
    public async Task A_name_that_is_taken_is_logged_and_the_user_gets_a_dynamic_one()
    {
        Reload(Plain with { Extra = Entry("wire", Bob) });
        Server.Log.WaitFor("wire: no such interface can be made", Soon, after: Mark);
        ScriptedCall call = await DialAsync(Bob);
        MustBeConnected("pptp-bob", call);
    }

    [Test]
    public async Task They_stand_again_after_a_crash()
    {
        ScriptedCall call = await DialAsync(Alice);
        Server.Kill();
        await call.Caller.DisposeAsync();
        StartServer();

        await Poll.UntilAsync(() => TunnelInterfaces().Count == 2, Soon);
        Assert.That(TunnelInterfaces(), Is.EqualTo([First, Second]));
        ScriptedCall next = await DialAsync(Alice);
        MustBeConnected(First, next);
    }

    private static string Entry(string name, string user, string more = "") =>
        $"\n[[pptp-server-interface]]\nname = \"{name}\"\nuser = \"{user}\"\n{more}\n";

    private void Reload(ServerConfiguration configuration)
    {
        int mark = Server.Log.Mark;
        Configure(configuration);
        Server.Signal("HUP");
        Server.Log.WaitFor("settings changed", Soon, after: mark);
    }

    private void MustBeConnected(string name, ScriptedCall call)
    {
        LinkEntry? link = FindInterface(name);
        Assert.That(link, Is.Not.Null, Server.Report(Mark));
        Assert.That(link!.HasCarrier, Is.True);
        IPAddress gateway = IPAddress.Parse(ServerConfiguration.Gateway);
        Assert.That(AddressesOf(link.Index), Is.EqualTo([new AddressEntry(link.Index, gateway, call.Address, 32)]));
    }

    private async Task MustCarryAsync(ScriptedCall call)
    {
        await using SequencedStream stream = new(call, Echo);
        stream.Send(20);
        StreamReport report = await stream.StopAsync();
        Assert.That(report.IsPerfect, Is.True, $"{report}\n{Server.Report(Mark)}");
    }
}

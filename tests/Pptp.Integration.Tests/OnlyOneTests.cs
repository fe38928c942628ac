using System.Text;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>A user who logs in a second time.</summary>
[EffectOf("ppp-profile", "only-one")]
internal sealed class OnlyOneTests : ServerFixture
{
    private const string Many = "many";
    private const string Single = "single";
    private const string Heir = "heir";

    protected override ServerConfiguration Configuration => new()
    {
        Extra = ServerConfiguration.Profile("many", "only-one = \"no\"")
            + ServerConfiguration.Profile("single", "only-one = \"yes\"")
            + ServerConfiguration.Profile("heir", "only-one = \"replace\"")
            + ServerConfiguration.Secret(Many, "many")
            + ServerConfiguration.Secret(Single, "single")
            + ServerConfiguration.Secret(Heir, "heir"),
    };

    [Test]
    public async Task No_lets_him_have_both()
    {
        ScriptedCall first = await DialAsync(Many);
        ScriptedCall second = await DialAsync(Many);
        await MustCarryAsync(first);
        await MustCarryAsync(second);
        Assert.That(TunnelInterfaces(), Is.EqualTo([$"pptp-{Many}", $"pptp-{Many}-1"]));
    }

    [Test]
    public async Task Yes_refuses_the_second_for_good_and_the_first_goes_on()
    {
        ScriptedCall first = await DialAsync(Single);

        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall second = await caller.CallAsync(SettingsOf(Single));
        await second.WaitForFramesAsync(frame => frame.Protocol == PppWire.Chap && frame.Code == ChapFailure);

        ReceivedFrame failure = second.Frames.First(
            frame => frame.Protocol == PppWire.Chap && frame.Code == ChapFailure);
        Assert.That(Encoding.ASCII.GetString(failure.Information), Does.Contain(" R=0 "));
        Server.Log.WaitFor($"user {Single} is already logged in", Soon, after: Mark);
        await MustCarryAsync(first);
        Assert.That(TunnelInterfaces(), Is.EqualTo([$"pptp-{Single}"]));
    }

    [Test]
    public async Task Yes_lets_him_in_again_at_once_after_he_has_hung_up()
    {
        for (int i = 0; i < 5; i++)
        {
            ScriptedCall call = await Host.DialAsync(SettingsOf(Single));
            WaitUntilConnected(Single, i + 1);
            call.Terminate();
            await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.TerminateAck));
        }
    }

    [Test]
    public async Task Yes_lets_in_exactly_one_of_many_who_come_at_the_same_instant()
    {
        for (int round = 0; round < 3; round++)
        {
            int mark = Server.Log.Mark;
            ScriptedCall[] up = await DialAtOnceAsync(Single, 8);

            Assert.That(up, Has.Length.EqualTo(1), Server.Report(mark));
            Server.Log.WaitFor($"user {Single} is already logged in", Soon, 7, mark);
            await MustCarryAsync(up[0]);
            await up[0].Caller.DisposeAsync();
            Server.Log.WaitFor($"<pptp-{Single}>: disconnected", Soon, after: mark);
        }
    }

    [Test]
    public async Task Replace_ends_the_first_and_hands_its_address_and_interface_on()
    {
        ScriptedCall first = await DialAsync(Heir);
        int mark = Server.Log.Mark;

        ScriptedCall second = await DialAsync(Heir);

        Assert.That(first.WasTerminated, Is.True);
        Assert.That(second.Address, Is.EqualTo(first.Address));
        Assert.That(TunnelInterfaces(), Is.EqualTo([$"pptp-{Heir}"]));
        Assert.That(
            Server.Log.Expect($"<pptp-{Heir}>: terminating... - replaced by another login", 1, mark), Has.Count.EqualTo(1));
        await first.WaitForEndAsync();
        await MustCarryAsync(second);
    }

    [Test]
    public async Task Replace_does_not_wait_long_for_a_client_that_is_gone_without_a_word()
    {
        ScriptedCall first = await DialAsync(Heir);
        first.Mute();

        ScriptedCall second = await DialAsync(Heir);

        Assert.That(second.Address, Is.EqualTo(first.Address));
        Assert.That(TunnelInterfaces(), Is.EqualTo([$"pptp-{Heir}"]));
        await MustCarryAsync(second);
    }

    [Test]
    public async Task Replace_leaves_exactly_one_of_many_who_come_at_the_same_instant()
    {
        ScriptedCall[] up = await DialAtOnceAsync(Heir, 6);

        await Poll.UntilAsync(
            () => up.Count(call => call.Ended is null) == 1 && TunnelInterfaces().Count == 1, TimeSpan.FromSeconds(30));

        ScriptedCall[] left = [.. up.Where(call => call.Ended is null)];
        Assert.That(left, Has.Length.EqualTo(1), Server.Report(Mark));
        Assert.That(TunnelInterfaces(), Has.Count.EqualTo(1));
        await MustCarryAsync(left[0]);
    }

    private const byte ChapFailure = 4;

    /// <summary>Dials from several connections and gives those calls that came up.</summary>
    private async Task<ScriptedCall[]> DialAtOnceAsync(string user, int count)
    {
        ScriptedCaller[] callers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Host.StartAsync()));
        ScriptedCall?[] calls = await Task.WhenAll(callers.Select(caller => TryCallAsync(caller, user)));
        return [.. calls.OfType<ScriptedCall>()];
    }

    private static async Task<ScriptedCall?> TryCallAsync(ScriptedCaller caller, string user)
    {
        ScriptedCall call = await caller.CallAsync(SettingsOf(user));
        try
        {
            await call.WaitForAsync(CallPhase.Up);
            return call;
        }
        catch (CallEndedException)
        {
            return null;
        }
    }

    private async Task MustCarryAsync(ScriptedCall call)
    {
        await using SequencedStream stream = new(call, Echo);
        stream.Send(20);
        StreamReport report = await stream.StopAsync();
        Assert.That(report.IsPerfect, Is.True, $"{report}\n{Server.Report(Mark)}");
    }
}

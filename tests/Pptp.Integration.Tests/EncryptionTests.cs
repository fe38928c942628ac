using Pptp.Protocol.Mppe;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>use-encryption, with a caller that wants MPPE and one that rejects it.</summary>
[TestFixture("required")]
[TestFixture("yes")]
[TestFixture("no")]
internal sealed class EncryptionTests(string policy) : ServerFixture
{
    protected override ServerConfiguration Configuration => new() { Users = [Alice], Encryption = policy };

    [Test]
    [EffectOf("ppp-profile", "use-encryption")]
    public async Task A_caller_without_MPPE_comes_up_in_clear_unless_it_is_required()
    {
        CallSettings inClear = SettingsOf(Alice) with { Encrypt = false };
        if (policy == "required")
        {
            Assert.That(() => Host.DialAsync(inClear), Throws.TypeOf<CallEndedException>());
            Assert.That(Server.Log.With(": connected", Mark), Is.Empty);
            return;
        }

        ScriptedCall call = await Host.DialAsync(inClear);
        SequencedStream stream = new(call, Echo);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(
            Server.Log.Expect("not encrypted", WarningsOf(policy), Mark), Has.Count.EqualTo(WarningsOf(policy)),
            Server.Report(Mark));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_caller_that_wants_MPPE_gets_it_unless_it_is_forbidden()
    {
        if (policy == "no")
        {
            await using ScriptedCaller caller = await Host.StartAsync();
            ScriptedCall refused = await caller.CallAsync(SettingsOf(Alice));
            // A Configure-Reject, or a Protocol-Reject: RFC 1661 allows both.
            await refused.WaitForFramesAsync(frame =>
                (frame.Protocol == PppWire.Ccp && frame.Code == PppWire.ConfigureReject)
                || frame.IsLcp(PppWire.ProtocolReject));
            Assert.That(refused.Phase, Is.EqualTo(CallPhase.Authenticated));
            return;
        }

        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(call.Phase, Is.EqualTo(CallPhase.Up));
        Assert.That(call.Undecipherable, Is.Zero);
        await call.Caller.DisposeAsync();
    }

    [TestCase(MppeStrength.Bits40, true)]
    [TestCase(MppeStrength.Bits56, true)]
    [TestCase(MppeStrength.Bits128, false)]
    [EffectOf("ppp-profile", "mppe-allowed")]
    public async Task A_caller_that_insists_on_a_form_that_is_not_allowed_does_not_get_it(
        MppeStrength strength, bool stateless)
    {
        CallSettings weak = SettingsOf(Alice) with
        {
            Strength = strength,
            Stateless = stateless,
            InsistsOnForm = true,
            MayGoInClear = true,
        };
        if (policy == "required")
        {
            Assert.That(() => Host.DialAsync(weak), Throws.TypeOf<CallEndedException>());
            Server.Log.WaitFor("terminating... - the peer insists on another form of MPPE", Soon, after: Mark);
            return;
        }

        ScriptedCall call = await Host.DialAsync(weak);
        SequencedStream stream = new(call, Echo);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(Server.Log.With("using encoding", Mark), Is.Empty);
        Assert.That(
            Server.Log.Expect("not encrypted", WarningsOf(policy), Mark), Has.Count.EqualTo(WarningsOf(policy)),
            Server.Report(Mark));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_caller_that_asks_for_a_weaker_form_is_moved_to_the_strongest()
    {
        if (policy == "no")
            Assert.Ignore("there is nothing to ask for");
        int mark = Server.Log.Mark;
        ScriptedCall call = await Host.DialAsync(
            SettingsOf(Alice) with { Strength = MppeStrength.Bits40, Stateless = false });
        Server.Log.WaitFor("using encoding - MPPE128 stateless", Soon, after: mark);
        // Whoever leaves before has an interface made behind him, and taken away a moment later.
        Server.Log.WaitFor($" logged in, {call.Address} from ", Soon, after: mark);
        await call.Caller.DisposeAsync();
    }

    private static int WarningsOf(string policy) => policy == "yes" ? 1 : 0;
}

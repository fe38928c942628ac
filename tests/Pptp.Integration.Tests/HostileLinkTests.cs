using Pptp.Testing.Calling;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Clients that leave when it hurts, and PPP that no client sends.</summary>
internal sealed class HostileLinkTests : ServerFixture
{
    private const int Seed = 20210901;

    protected override bool HasBystander => true;

    [Test]
    public async Task A_client_may_leave_at_any_moment(
        [Values(
            CallPhase.Dialled,
            CallPhase.LinkUp,
            CallPhase.Responded,
            CallPhase.Authenticated,
            CallPhase.Encrypted,
            CallPhase.Up)]
        CallPhase phase,
        [Values] bool byReset)
    {
        ParallelOptions someAtATime = new() { MaxDegreeOfParallelism = 8 };
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), someAtATime, async (_, _) =>
        {
            ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { MuteAfter = phase });
            if (byReset)
                call.Caller.Abort();
            await call.Caller.DisposeAsync();
        });
    }

    [Test]
    public async Task A_client_that_clears_its_call_right_after_its_authentication_response_leaves_nothing()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        for (int i = 0; i < 40; i++)
        {
            ScriptedCall call = await caller.CallAsync(SettingsOf(Alice) with { MuteAfter = CallPhase.Responded });
            await call.WaitForAsync(CallPhase.Responded);
            await caller.ClearAsync(call);
            Assert.That(call.IsDisconnected, Is.True, call.Ended);
        }
    }

    [Test]
    public async Task A_client_that_terminates_its_link_right_after_its_authentication_response_leaves_nothing()
    {
        List<ScriptedCall> calls = [];
        for (int i = 0; i < 20; i++)
        {
            calls.Add(await Host.DialAsync(SettingsOf(Alice) with { MuteAfter = CallPhase.Responded }));
            calls[i].Terminate();
        }

        // RFC 1661 §4.4, zrc: the server stays for one more restart period, to acknowledge a repetition.
        foreach (ScriptedCall call in calls)
            await call.WaitForEndAsync();
    }

    [Test]
    public async Task A_flood_of_echo_requests_drowns_neither_the_call_nor_another()
    {
        ScriptedCall call = await DialAsync(Alice);
        byte[] echo = PppWire.Packet(PppWire.EchoRequest, 1, new byte[8]);

        for (int i = 0; i < 10_000; i++)
            call.SendFrame(PppWire.Lcp, echo);

        await MustStillCarryAsync(call);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_flood_of_unknown_codes_and_protocols_drowns_neither_the_call_nor_another()
    {
        ScriptedCall call = await DialAsync(Alice);

        for (int i = 0; i < 10_000; i++)
        {
            call.SendFrame(PppWire.Lcp, PppWire.Packet((byte)(20 + (i % 200)), (byte)i, "?"u8));
            ushort protocol = (ushort)(0x8001 | (i % 64 << 8));
            call.SendFrame(protocol, PppWire.Packet(PppWire.ConfigureRequest, (byte)i, default));
        }

        await MustStillCarryAsync(call);
        await call.Caller.DisposeAsync();
    }

    [TestCase(PppWire.Lcp, PppWire.ConfigureRequest)]
    [TestCase(PppWire.Lcp, PppWire.ConfigureAck)]
    [TestCase(PppWire.Lcp, PppWire.ConfigureNak)]
    [TestCase(PppWire.Lcp, PppWire.TerminateRequest)]
    [TestCase(PppWire.Lcp, PppWire.CodeReject)]
    [TestCase(PppWire.Lcp, PppWire.ProtocolReject)]
    [TestCase(PppWire.Ccp, PppWire.ConfigureRequest)]
    [TestCase(PppWire.Ccp, (byte)14)]
    [TestCase(PppWire.Ipcp, PppWire.ConfigureRequest)]
    [TestCase(PppWire.Chap, (byte)2)]
    public async Task A_flood_of_control_packets_drowns_no_other_call(ushort protocol, byte code)
    {
        ScriptedCall call = await DialAsync(Alice);

        for (int i = 0; i < 10_000; i++)
            call.SendFrame(protocol, PppWire.Packet(code, (byte)i, default));

        // Whether such a link ends or lives is the server's choice; that it serves the next one is not.
        await call.Caller.DisposeAsync();
        ScriptedCall next = await DialAsync(Bob);
        await MustStillCarryAsync(next);
        await next.Caller.DisposeAsync();
    }

    [TestCase(CallPhase.Dialled)]
    [TestCase(CallPhase.LinkUp)]
    [TestCase(CallPhase.Authenticated)]
    [TestCase(CallPhase.Up)]
    public async Task Random_frames_in_any_phase_are_survived(CallPhase phase)
    {
        ushort[] protocols =
            [PppWire.Lcp, PppWire.Chap, PppWire.Ccp, PppWire.Ipcp, PppWire.Compressed, PppWire.Ip, 0xC023, 0xC227];
        Random random = new(Seed);
        for (int round = 0; round < 20; round++)
        {
            ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { MuteAfter = phase });
            for (int i = 0; i < 200; i++)
            {
                byte[] bytes = new byte[random.Next(0, 80)];
                random.NextBytes(bytes);
                switch (i % 3)
                {
                    case 0:
                        call.SendFrame(protocols[random.Next(protocols.Length)], bytes);
                        break;
                    case 1:
                        // A good header, and options that lie about their lengths.
                        byte[] packet = PppWire.Packet((byte)random.Next(0, 16), (byte)random.Next(4), bytes);
                        call.SendFrame(protocols[random.Next(4)], packet);
                        break;
                    default:
                        call.SendPayload(bytes.Length == 0 ? [0] : bytes);
                        break;
                }
            }

            await call.Caller.DisposeAsync();
        }
    }

    [Test]
    public async Task A_wrong_password_is_answered_by_E_691_and_lets_nobody_in()
    {
        await using ScriptedCaller caller = await Host.StartAsync();

        ScriptedCall call = await caller.CallAsync(new CallSettings(Alice, "wrong"));

        Assert.That(async () => await call.WaitForAsync(CallPhase.Up), Throws.TypeOf<CallEndedException>());
        Assert.That(call.AuthenticationFailure, Does.StartWith("E=691"));
        Assert.That(Server.Log.With("logged in", Mark), Is.Empty);
    }

    private async Task MustStillCarryAsync(ScriptedCall call)
    {
        SequencedStream stream = new(call, Echo);
        stream.Send(50);
        await stream.WaitForAsync(50);
        StreamReport report = await stream.StopAsync();
        Assert.That(report.IsPerfect, Is.True, $"{report}\n{Server.Report(Mark)}");
    }
}

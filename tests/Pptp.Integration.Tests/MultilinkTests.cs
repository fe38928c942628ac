using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>mrru: packets longer than the tunnel, in multilink fragments.</summary>
internal sealed class MultilinkTests : ServerFixture
{
    // With IP and UDP headers a packet of 1500 octets.
    private const int Large = 1472;

    private static readonly CallSettings Multilink = SettingsOf(Alice) with { Mrru = 1600 };

    protected override bool HasBystander => true;

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice],
        Encryption = "yes",
        MppeAllowed = ["mppe128-stateless", "mppe128-stateful"],
        ServerExtra = "mrru = 1600",
    };

    [TestCase(true, true, 1500)]
    [TestCase(true, false, 1500)]
    [TestCase(false, true, 1600)]
    [EffectOf("pptp-server", "mrru")]
    public async Task Packets_longer_than_the_tunnel_pass_both_ways(bool encrypt, bool stateless, int mtu)
    {
        ScriptedCall call = await ConnectAsync(
            Form(stateless) with { Encrypt = encrypt, MayGoInClear = !encrypt, FragmentSize = 1400 });
        Assert.That(call.PeerMrru, Is.EqualTo(1600));
        Assert.That(MtuOfSession(), Is.EqualTo(mtu));

        await using SequencedStream large = new(call, Echo, Large);
        await using SequencedStream small = new(call, Echo);
        for (int i = 0; i < 50; i++)
        {
            large.Send();
            small.Send();
        }
        await large.WaitForAsync(50);
        await small.WaitForAsync(50);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(large.Report.IsPerfect, Is.True, $"{large.Report}");
            Assert.That(small.Report.IsPerfect, Is.True, $"{small.Report}");
            Assert.That(call.FragmentsReceived, Is.EqualTo(100), "what fits is sent as ever");
            Assert.That(call.FragmentsOutOfSequence, Is.Zero);
            Assert.That(call.LongestFragment, Is.EqualTo(1450));
            Assert.That(call.Undecipherable, Is.Zero);
        }
    }

    [Test]
    public async Task A_caller_that_wants_short_numbers_gets_them()
    {
        ScriptedCall call = await ConnectAsync(Multilink with { ShortNumbers = true });
        await using SequencedStream stream = new(call, Echo, Large);
        stream.Send(50);
        await stream.WaitForAsync(50);
        Assert.That(call.FragmentsOutOfSequence, Is.Zero);
    }

    [TestCase(3)]
    [TestCase(64)]
    public async Task Control_frames_and_packets_in_small_fragments_are_understood(int size)
    {
        ScriptedCall call = await ConnectAsync(Multilink with { FragmentSize = size });
        await using SequencedStream stream = new(call, Echo, 100);
        stream.Send(50);
        await stream.WaitForAsync(50);
        Assert.That(stream.Report.IsPerfect, Is.True, $"{stream.Report}");
    }

    [Test]
    public async Task Fragments_to_the_caller_fit_its_MRU()
    {
        ScriptedCall call = await ConnectAsync(Multilink with { Mru = 600 });
        await using SequencedStream stream = new(call, Echo, Large);
        stream.Send(10);
        await stream.WaitForAsync(10);
        Assert.That(call.LongestFragment, Is.EqualTo(600));
        Assert.That(call.FragmentsReceived, Is.EqualTo(30));
    }

    [Test]
    public async Task The_smaller_MRRU_bounds_the_interface()
    {
        await ConnectAsync(Multilink with { Mrru = 1500 });
        Assert.That(MtuOfSession(), Is.EqualTo(1496));
    }

    [Test]
    public async Task A_caller_without_multilink_has_a_tunnel_as_ever()
    {
        ScriptedCall call = await ConnectAsync(SettingsOf(Alice));
        Assert.That(MtuOfSession(), Is.EqualTo(1450));
        await using SequencedStream stream = new(call, Echo, 1400);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(call.FragmentsReceived, Is.Zero);
    }

    [Test]
    public async Task A_lost_fragment_costs_its_packet_and_no_other()
    {
        ScriptedCall call = await ConnectAsync(Multilink with { FragmentSize = 500 });
        await using SequencedStream stream = new(call, Echo, Large);
        stream.Send();
        await stream.WaitForAsync(1);

        // Four fragments each: in turn another one is lost.
        call.Impairment = Impairment.DropOneIn(9);
        stream.Send(90);
        call.Impairment = null;
        stream.Send(20);

        await stream.WaitForNumberAsync(110);
        Assert.That(stream.Report.Lost, Is.EqualTo(40));
        Assert.That(stream.Report.OutOfOrder, Is.Zero);
    }

    [Test]
    public async Task Fragments_out_of_order_are_put_together_all_the_same()
    {
        ScriptedCall call = await ConnectAsync(Multilink with { FragmentSize = 500 });
        await using SequencedStream stream = new(call, Echo, Large);
        call.Impairment = Impairment.ReverseGroupsOf(6);
        stream.Send(60);
        await stream.WaitForAsync(60);
        call.Impairment = null;
        Assert.That(stream.Report.IsPerfect, Is.True, $"{stream.Report}");
    }

    [TestCase(100, true)]
    [TestCase(100, false)]
    [TestCase(1200, true)]
    public async Task An_outage_is_survived(int lost, bool stateless)
    {
        ScriptedCall call = await ConnectAsync(Form(stateless) with { FragmentSize = 1000 });
        await using SequencedStream stream = new(call, Echo, Large);
        stream.Send();
        await stream.WaitForAsync(1);

        call.Impairment = Impairment.DropOneIn(1);
        stream.Send(lost);
        call.Impairment = null;
        stream.Start(TimeSpan.FromMilliseconds(20));
        await stream.WaitForNumberAsync((uint)lost + 20);
    }

    [Test]
    public async Task After_an_outage_of_uncounted_packets_the_link_is_ended_for_a_new_one()
    {
        ScriptedCall call = await ConnectAsync(Multilink with { FragmentSize = 1000 });
        SequencedStream stream = new(call, Echo, Large);
        stream.Send();
        await stream.WaitForAsync(1);

        call.Impairment = Impairment.DropOneIn(1);
        stream.Send(3000);
        call.Impairment = null;
        stream.Start(TimeSpan.FromMilliseconds(20));

        Server.Log.WaitFor("too many encrypted packets were lost in a row", Soon, after: Mark);
        await call.WaitForEndAsync();
        await stream.DisposeAsync();
    }

    [Test]
    public async Task Nothing_a_caller_sends_as_fragments_breaks_anything()
    {
        ScriptedCall call = await ConnectAsync(Multilink);
        Random random = new(1990);
        byte[] noise = new byte[1400];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            // Packets without end, ends without packets, heads cut off, heads within heads.
            if (i % 4 == 0)
                noise.AsSpan(0, 4).Clear();
            if (i % 5 == 0)
                (noise[4], noise[5]) = (0, 0x3D);
            call.SendFrame(PppWire.Multilink, noise.AsSpan(0, random.Next(i % 3 == 0 ? 8 : noise.Length)));
            // The socket's queue is one for all.
            if (i % 200 == 0)
                await Task.Delay(5);
        }

        await using SequencedStream stream = new(call, Echo, Large);
        stream.Start(TimeSpan.FromMilliseconds(20));
        await stream.WaitForAsync(10);
        Assert.That(call.Ended, Is.Null);
    }

    [Test]
    public async Task LCP_is_not_negotiated_by_fragments()
    {
        ScriptedCall call = await ConnectAsync(Multilink);
        byte[] terminate = PppWire.Packet(PppWire.TerminateRequest, 1, default);
        byte[] echo = PppWire.Packet(PppWire.EchoRequest, 7, new byte[4]);
        call.SendFrame(PppWire.Multilink, [0xC0, 0, 0, 0, 0xC0, 0x21, .. terminate]);
        call.SendFrame(PppWire.Multilink, [0xC0, 0, 0, 1, 0xC0, 0x21, .. echo]);
        await call.WaitForFramesAsync(frame => frame.IsLcp(PppWire.EchoReply));
        Assert.That(call.Ended, Is.Null);
        Assert.That(call.Frames.Any(frame => frame.IsLcp(PppWire.TerminateAck)), Is.False);
    }

    private static CallSettings Form(bool stateless) =>
        Multilink with { Stateless = stateless, InsistsOnForm = !stateless };

    private async Task<ScriptedCall> ConnectAsync(CallSettings settings)
    {
        ScriptedCall call = await Host.DialAsync(settings);
        WaitUntilConnected(Alice);
        return call;
    }

    private int MtuOfSession()
    {
        LinkEntry link = FindInterface($"pptp-{Alice}")!;
        return link.Mtu;
    }
}

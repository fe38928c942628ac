using Pptp.Protocol.Gre;

namespace Pptp.Protocol.Tests.Gre;

/// <summary>RFC 2637 §4.1, §4.2, §4.4: what we send, and what we make of the peer's acknowledgements.</summary>
public sealed class GreSendTests
{
    private static NUnit.Framework.Constraints.IResolveConstraint OutOfRange =>
        Throws.TypeOf<ArgumentOutOfRangeException>();

    [Test]
    public void The_first_packet_has_number_0_and_no_acknowledgement()
    {
        var peer = new GreTestPeer();

        Assert.That(peer.Call.NextHeaderLength, Is.EqualTo(12));
        Assert.That(Convert.ToHexString(peer.Send()), Is.EqualTo("3001880B000143DC00000000"));
        Assert.That(Convert.ToHexString(peer.Send()), Is.EqualTo("3001880B000143DC00000001"));
    }

    [Test]
    public void The_payload_length_and_a_peers_call_id_of_0_are_written()
    {
        var call = new GreCall(new GreCallOptions { PeerCallId = 0 });
        byte[] header = new byte[12];

        call.WriteHeader(header, 0x05DC, TimeSpan.Zero);

        Assert.That(Convert.ToHexString(header), Is.EqualTo("3001880B05DC000000000000"));
    }

    [Test]
    public void An_acknowledgement_rides_on_the_next_packet_and_only_once()
    {
        var peer = new GreTestPeer();
        peer.Receive(7);

        Assert.That(peer.Call.NextHeaderLength, Is.EqualTo(16));
        Assert.That(Convert.ToHexString(peer.Send()), Is.EqualTo("3081880B000143DC0000000000000007"));
        Assert.That(Convert.ToHexString(peer.Send()), Is.EqualTo("3001880B000143DC00000001"));
        Assert.That(peer.Call.NextDeadline, Is.Null);
        peer.Wait(1000);
        Assert.That(peer.DueAcknowledgement(), Is.Null);
    }

    [Test]
    public void What_we_send_can_be_read()
    {
        var peer = new GreTestPeer();
        peer.Receive(0xFFFFFFFF);
        byte[] packet = [.. peer.Send(), 0xAA];

        Assert.That(GrePacket.TryParse(packet, out GrePacket read), Is.True);
        Assert.That(read.CallId, Is.EqualTo(0x43DC));
        Assert.That(read.Sequence, Is.Zero);
        Assert.That(read.Acknowledgement, Is.EqualTo(uint.MaxValue));
        Assert.That(read.Payload[0], Is.EqualTo(0xAA));
    }

    [Test]
    public void An_acknowledgement_that_finds_nothing_to_ride_on_goes_alone_after_half_a_second()
    {
        var peer = new GreTestPeer();
        peer.Receive(0);
        peer.Wait(200);
        peer.Receive(1);
        Assert.That(peer.DueAcknowledgement(), Is.Null);
        Assert.That(peer.Call.NextDeadline, Is.EqualTo(peer.Time + TimeSpan.FromMilliseconds(300)));

        peer.Wait(299.999);
        Assert.That(peer.DueAcknowledgement(), Is.Null);
        peer.Wait(0.001);

        Assert.That(Convert.ToHexString(peer.DueAcknowledgement()!), Is.EqualTo("2081880B000043DC00000001"));
        Assert.That(peer.DueAcknowledgement(), Is.Null);
        Assert.That(peer.Call.NextDeadline, Is.Null);
        Assert.That(peer.Call.Counters.AcknowledgementsSent, Is.EqualTo(1));
    }

    [Test]
    public void The_fourth_packet_without_an_acknowledgement_is_answered_at_once()
    {
        var peer = new GreTestPeer();
        peer.Receive(0, 1, 2);
        Assert.That(peer.DueAcknowledgement(), Is.Null);

        peer.Receive(3);

        Assert.That(peer.Call.NextDeadline, Is.EqualTo(peer.Time));
        Assert.That(Convert.ToHexString(peer.DueAcknowledgement()!), Is.EqualTo("2081880B000043DC00000003"));
    }

    [Test]
    public void Only_what_was_delivered_is_acknowledged()
    {
        var peer = new GreTestPeer();
        peer.Receive(0);
        peer.Send();

        peer.Receive(2);
        Assert.That(peer.Call.NextHeaderLength, Is.EqualTo(12));
        peer.Wait(50);

        Assert.That(Convert.ToHexString(peer.Send()), Does.EndWith("00000002"));
    }

    [Test]
    public void Nothing_is_acknowledged_before_anything_came()
    {
        var peer = new GreTestPeer();

        Assert.That(peer.Acknowledge(0), Is.EqualTo(GreReceiveResult.NoPayload));
        peer.Wait(10_000);

        Assert.That(peer.DueAcknowledgement(), Is.Null);
        Assert.That(peer.Call.LastDelivered, Is.Null);
        Assert.That(peer.Call.NextDeadline, Is.Null);
    }

    // The Linux kernel's client acknowledges only when it has data to send.
    [Test]
    public void A_peer_that_never_acknowledges_stops_nothing()
    {
        var peer = new GreTestPeer(new GreCallOptions { PeerReceiveWindow = 3 });
        for (uint i = 0; i < 100_000; i++)
        {
            Assert.That(peer.Send(), Has.Length.EqualTo(12));
            peer.Now += 0.1;
        }

        Assert.That(peer.Call.Counters.Sent, Is.EqualTo(100_000));
        Assert.That(peer.Call.Outstanding, Is.EqualTo(100_000));
        Assert.That(peer.Call.SendWindow, Is.EqualTo(1));
        Assert.That(peer.Call.Counters.WindowExceeded, Is.GreaterThan(99_000));
        Assert.That(peer.Call.NextDeadline, Is.Null);
    }

    [TestCase((ushort)0, 1)]
    [TestCase((ushort)1, 1)]
    [TestCase((ushort)3, 1)]
    [TestCase((ushort)64, 32)]
    [TestCase((ushort)65535, 32767)]
    public void The_window_starts_at_half_of_what_the_peer_buffers(ushort buffers, int window) =>
        Assert.That(
            new GreCall(new GreCallOptions { PeerReceiveWindow = buffers }).SendWindow,
            Is.EqualTo(window));

    [Test]
    public void The_window_grows_by_one_for_each_window_acknowledged_up_to_what_the_peer_buffers()
    {
        var peer = new GreTestPeer(new GreCallOptions { PeerReceiveWindow = 6 });
        Assert.That(peer.Call.SendWindow, Is.EqualTo(3));
        uint sent = 0;
        foreach (int expected in new[] { 4, 5, 6, 6 })
        {
            int window = peer.Call.SendWindow;
            for (int i = 0; i < window; i++, sent++)
                peer.Send();
            Assert.That(peer.Call.SendWindow, Is.EqualTo(window));
            peer.Acknowledge(sent - 1);
            Assert.That(peer.Call.SendWindow, Is.EqualTo(expected));
        }

        Assert.That(peer.Call.Outstanding, Is.Zero);
        Assert.That(peer.Call.Counters.WindowExceeded, Is.Zero);
    }

    [Test]
    public void A_time_out_halves_the_window()
    {
        var peer = new GreTestPeer(new GreCallOptions { PeerReceiveWindow = 64 });
        peer.Send();
        peer.Now += 2999;
        peer.Send();
        Assert.That(peer.Call.SendWindow, Is.EqualTo(32));

        peer.Now += 1;
        peer.Send();

        Assert.That(peer.Call.SendWindow, Is.EqualTo(16));
        Assert.That(peer.Call.Counters.AcknowledgementTimeouts, Is.EqualTo(1));
    }

    [Test]
    public void The_round_trip_time_is_smoothed()
    {
        var peer = new GreTestPeer();
        Assert.That(peer.Call.RoundTripTime, Is.Null);
        peer.Send();
        peer.Now += 80;
        peer.ReceiveWithAcknowledgement(0, 0);
        Assert.That(peer.Call.RoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(80)));

        peer.Send();
        peer.Now += 160;
        peer.Acknowledge(1);

        Assert.That(peer.Call.RoundTripTime, Is.EqualTo(TimeSpan.FromMilliseconds(90)));
    }

    [Test]
    public void Old_doubled_and_impossible_acknowledgements_move_nothing()
    {
        var peer = new GreTestPeer();
        for (int i = 0; i < 10; i++)
            peer.Send();
        peer.Acknowledge(4);
        Assert.That(peer.Call.Outstanding, Is.EqualTo(5));

        foreach (uint number in new uint[] { 4, 3, 0, 0xFFFFFFFF, 10, 11, 0x70000000 })
            peer.Acknowledge(number);

        Assert.That(peer.Call.Outstanding, Is.EqualTo(5));
        Assert.That(peer.Call.Counters.AcknowledgementsInvalid, Is.EqualTo(3));
        Assert.That(peer.Call.Counters.AcknowledgementsReceived, Is.EqualTo(8));
        peer.Acknowledge(9);
        Assert.That(peer.Call.Outstanding, Is.Zero);
    }

    [Test]
    public void Wrong_use_is_told()
    {
        var call = new GreCall(new GreCallOptions());
        Assert.That(() => call.WriteHeader(new byte[16], 0, TimeSpan.Zero), OutOfRange);
        Assert.That(() => call.WriteHeader(new byte[16], 65536, TimeSpan.Zero), OutOfRange);
        Assert.That(() => call.WriteHeader(new byte[11], 1, TimeSpan.Zero), OutOfRange);
        Assert.That(() => new GreCall(new GreCallOptions { ReorderLimit = 0 }), OutOfRange);
        Assert.That(() => new GreCall(new GreCallOptions { ReorderLimit = 1025 }), OutOfRange);
        Assert.That(() => new GreCall(new GreCallOptions { MaximumHeldLength = 0 }), OutOfRange);
        Assert.That(() => new GreCall(new GreCallOptions { AcknowledgementThreshold = 0 }), OutOfRange);
        Assert.That(call.Counters.Sent, Is.Zero);
    }

    [Test]
    public void A_call_whose_peer_has_not_told_its_id_takes_packets_and_owes_their_acknowledgement()
    {
        var call = new GreCall(new GreCallOptions { PeerCallId = null });
        var peer = new GreCall(new GreCallOptions { PeerCallId = 5 });
        byte[] packet = new byte[64];
        int length = peer.WriteHeader(packet, 4, TimeSpan.Zero) + 4;
        Assert.That(GrePacket.TryParse(packet.AsSpan(0, length), out GrePacket received), Is.True);
        Assert.That(call.Receive(received, TimeSpan.Zero), Is.EqualTo(GreReceiveResult.Deliver));
        Assert.That(call.NextDeadline, Is.Null);
        Assert.That(call.TryWriteAcknowledgement(packet, TimeSpan.FromSeconds(9), out _), Is.False);
        Assert.That(() => call.WriteHeader(new byte[64], 4, TimeSpan.Zero), Throws.InvalidOperationException);

        call.Connect(peerCallId: 0, peerReceiveWindow: 8);

        Assert.That(call.NextDeadline, Is.Not.Null);
        Assert.That(call.TryWriteAcknowledgement(packet, TimeSpan.FromSeconds(9), out length), Is.True);
        Assert.That(GrePacket.TryParse(packet.AsSpan(0, length), out GrePacket acknowledgement), Is.True);
        Assert.That((acknowledgement.CallId, acknowledgement.Acknowledgement), Is.EqualTo(((ushort)0, 0u)));
    }
}

using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Captures;

/// <summary>What pptp-linux alone does.</summary>
internal sealed class PptpLinuxCaptureTests
{
    private static readonly Capture Captured = PptpLinuxCapture.Dial;

    private ReplayedDial _dial = null!;

    [SetUp]
    public void Replay() => _dial = ReplayedDial.Of(Captured);

    [TearDown]
    public void Dispose() => _dial.Dispose();

    [Test]
    public void Its_first_messages_name_it_and_offer_a_window_of_three()
    {
        StartControlConnectionRequest start =
            _dial.ControlEvents.OfType<ControlEvent.Started>().Single().Request;
        OutgoingCallRequest call = _dial.ControlEvents.OfType<ControlEvent.CallRequested>().Single().Request;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((start.HostName, start.VendorName), Is.EqualTo(("local", "cananian")));
            Assert.That(start.MaximumChannels, Is.EqualTo(65535));
            Assert.That(call.CallId, Is.EqualTo(0xFDB9));
            Assert.That(call.CallSerialNumber, Is.Zero);
            Assert.That((call.MinimumBps, call.MaximumBps), Is.EqualTo((2400, 10_000_000)));
            Assert.That(call.PacketReceiveWindowSize, Is.EqualTo(3));
        }
    }

    [Test]
    public void It_acknowledges_alone_after_half_a_second_or_when_more_than_one_is_pending()
    {
        List<CapturedPacket> gre = [.. Captured.Packets.Where(p => !p.IsControl)];
        List<(double Waited, uint Packets)> alone = [];
        uint acknowledged = 0;
        foreach (CapturedPacket packet in gre.Where(p => !p.FromServer && p.HasAcknowledgement))
        {
            if (!packet.IsData)
            {
                CapturedPacket first = gre.First(p => p.FromServer && p.IsData && p.Sequence == acknowledged + 1);
                alone.Add(((packet.At - first.At).TotalSeconds, packet.Acknowledgement - acknowledged));
            }
            acknowledged = packet.Acknowledgement;
        }

        Assert.That(alone, Has.Count.EqualTo(8).And.All.Matches<(double Waited, uint Packets)>(
            a => a.Packets > 1 ? a.Waited < 0.02 : a.Waited is > 0.49 and < 0.52));
        Assert.That(_dial.Call.Counters.AcknowledgementsReceived, Is.EqualTo(8));
    }

    [Test]
    public void It_acknowledges_soon_but_its_window_of_three_is_small() =>
        Assert.That(_dial.MostOutstanding, Is.InRange(2, 3));

    [Test]
    public void It_clears_its_call_and_closes_the_connection_without_a_stop_request()
    {
        Assert.That(Captured.ClientControl.Select(packet => packet.Bytes.Length), Is.EqualTo([156, 168, 16, 0]));
        Assert.That(
            _dial.ControlEvents[^1], Is.EqualTo(new ControlEvent.CallEnded(0x48F4, CallEndReason.ClearedByPeer)));
    }
}

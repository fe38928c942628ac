using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Captures;

/// <summary>What the kernel's PPTP alone does.</summary>
internal sealed class KernelClientCaptureTests
{
    private static readonly Capture Captured = KernelClientCapture.Dial;

    private ReplayedDial _dial = null!;

    [SetUp]
    public void Replay() => _dial = ReplayedDial.Of(Captured);

    [TearDown]
    public void Dispose() => _dial.Dispose();

    [Test]
    public void It_never_acknowledges_alone_and_nothing_of_ours_waits_for_that()
    {
        // Six datagrams one way, within 1.3 s, and then silence until it hangs up.
        TimeSpan silence = Captured.ClientGre.Zip(Captured.ClientGre.Skip(1), (one, next) => next.At - one.At)
            .Max();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Captured.ClientGre.Where(packet => !packet.IsData), Is.Empty);
            Assert.That(silence, Is.GreaterThan(TimeSpan.FromSeconds(3)));
            Assert.That(_dial.MostOutstanding, Is.EqualTo(7));
            Assert.That(_dial.FromServer, Has.Count.EqualTo(9));
        }
    }

    [Test]
    public void It_leaves_the_acknowledgement_out_when_there_is_nothing_new()
    {
        List<CapturedPacket> packets = [.. Captured.ClientGre];
        List<uint> acknowledgements = [.. packets.Where(p => p.HasAcknowledgement).Select(p => p.Acknowledgement)];

        Assert.That(acknowledgements, Is.Unique.And.Ordered);
        Assert.That(packets.Count(p => !p.HasAcknowledgement), Is.EqualTo(3));
    }

    [Test]
    public void It_is_not_there_yet_for_our_first_LCP_request_and_gets_the_same_again_after_three_seconds()
    {
        List<CapturedPacket> requests = [.. Captured.ServerGre.Where(packet => packet.IsFrame("FF03 C021 01"))];
        CapturedPacket answer = Captured.ClientGre.Single(packet => packet.IsFrame("FF03 C021 02"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(requests.Select(request => request.Sequence), Is.EqualTo([0, 2]));
            Assert.That(requests[1].Frame, Is.EqualTo(requests[0].Frame));
            Assert.That((requests[1].At - requests[0].At).TotalSeconds, Is.EqualTo(3).Within(0.05));
            Assert.That(answer.Acknowledgement, Is.EqualTo(2));
        }
    }

    [Test]
    public void It_says_goodbye_in_full()
    {
        Assert.That(Captured.ClientControl.Select(packet => packet.Bytes.Length), Is.EqualTo([156, 168, 16, 16, 0]));
        Assert.That(_dial.ControlEvents[^1], Is.InstanceOf<ControlEvent.Closed>());
    }
}

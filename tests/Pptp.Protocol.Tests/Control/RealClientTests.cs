using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>
/// The first messages of clients in the field, reconstructed. Those of pptp-linux are captured: Captures.
/// </summary>
public sealed class RealClientTests
{
    // Reconstructed, not captured: the built-in client of Windows 10 and 11. No host name, asynchronous and analog
    // only, no channels; Set-Link-Info with all ones follows the reply.
    [Test]
    public void Windows_dials_in_reconstructed()
    {
        var peer = new ControlPeer();

        peer.Receive("009c 0001 1a2b3c4d 0001 0000 0100 0000 00000001 00000001 0000 0000 ''*64 'Microsoft'*64");
        peer.Receive("""
            00a8 0001 1a2b3c4d 0007 0000 6700 0003 0000012c 05f5e100 00000003 00000003 0040 0000
            0000 0000 ''*64 ''*64
            """);

        List<object> taken = peer.Take();
        Assert.That(taken.OfType<ControlEvent.Started>().Single().Request.HostName, Is.Empty);
        Assert.That(taken.OfType<ControlEvent.CallRequested>().Single().Request.CallId, Is.EqualTo(0x6700));

        peer.Connection.AcceptCall(0x6700, 0x1234, peer.Now);
        Assert.That(peer.Take().OfType<OutgoingCallReply>().Single().ConnectSpeed, Is.EqualTo(100_000_000));
        peer.Receive("0018 0001 1a2b3c4d 000f 0000 1234 0000 ffffffff ffffffff");
        Assert.That(peer.Take().Single(), Is.EqualTo(new ControlEvent.LinkInfo(0x1234, 0xFFFFFFFF, 0xFFFFFFFF)));

        peer.Receive("0010 0001 1a2b3c4d 000c 0000 6700 0000");
        peer.Receive("0010 0001 1a2b3c4d 0003 0000 01 00 0000");
        Assert.That(peer.Take().Select(t => t.GetType()), Is.EqualTo(new[]
        {
            typeof(CallDisconnectNotify),
            typeof(ControlEvent.CallEnded),
            typeof(StopControlConnectionReply),
            typeof(ControlEvent.Closed),
        }));
    }

    // Reconstructed, not captured: a RouterOS pptp-client. The values are a guess until one is captured.
    [Test]
    public void MikroTik_dials_in_reconstructed()
    {
        var peer = new ControlPeer();

        peer.Receive("009c 0001 1a2b3c4d 0001 0000 0100 0000 00000001 00000001 0000 0001 'branch-7'*64 'MikroTik'*64");
        peer.Receive("""
            00a8 0001 1a2b3c4d 0007 0000 0001 0001 000003e8 7fffffff 00000003 00000003 0064 0000
            0000 0000 ''*64 ''*64
            """);

        List<object> taken = peer.Take();
        Assert.That(taken.OfType<ControlEvent.Started>().Single().Request.VendorName, Is.EqualTo("MikroTik"));
        OutgoingCallRequest request = taken.OfType<ControlEvent.CallRequested>().Single().Request;
        Assert.That(request.PacketReceiveWindowSize, Is.EqualTo(100));
    }

    // The fix-up of pptp-linux for an old ADSL modem: phone number RELAY_PPP1, asynchronous framing, another vendor.
    [Test]
    public void Orckit_fix_up_of_pptp_linux_dials_in_reconstructed()
    {
        ControlPeer peer = ControlPeer.Started();

        peer.Receive("""
            00a8 0001 1a2b3c4d 0007 0000 0000 0000 00000960 00989680 00000001 00000001 0003 0000
            000a 0000 'RELAY_PPP1'*64 ''*64
            """);

        Assert.That(
            peer.Take().OfType<ControlEvent.CallRequested>().Single().Request.PhoneNumber,
            Is.EqualTo("RELAY_PPP1"));
    }
}

using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>Stateful MPPE lost packets, in either direction.</summary>
[CancelAfter(30_000)]
public sealed class EncryptionResetTests : TunnelFixture
{
    [Test]
    public void A_reset_request_of_the_peer_resets_the_data_path_before_its_ack_is_sent()
    {
        FakePath path = Connect();

        path.Deliver(PppFrame.Create(PppProtocol.Ccp, [14, 0x21, 0, 4]));
        Assert.That(path.Resets.TryTake(out int sentBefore, TimeSpan.FromSeconds(10)), Is.True);
        byte[] acknowledgement = NextCcp(path);

        Assert.That(acknowledgement, Is.EqualTo(new byte[] { 15, 0x21, 0, 4 }));
        Assert.That(sentBefore, Is.Zero);
    }

    [Test]
    public void Each_loss_the_data_path_tells_of_is_a_reset_request()
    {
        FakePath path = Connect();

        path.LoseDecryption();
        byte[] first = NextCcp(path);
        path.LoseDecryption();
        byte[] second = NextCcp(path);

        Assert.That((first[0], second[0]), Is.EqualTo(((byte)14, (byte)14)));
        Assert.That(second[1], Is.Not.EqualTo(first[1]), "a new request has a new identifier");
    }

    [Test]
    public void A_stream_that_cannot_be_saved_ends_the_link_and_the_log_says_why()
    {
        FakePath path = Connect();

        path.GiveUpDecryption("too many encrypted packets were lost in a row");

        byte[] request = NextLcp(path);
        Assert.That(request[0], Is.EqualTo(5));
        path.Deliver(PppFrame.Create(PppProtocol.Lcp, [6, request[1], 0, 4]));
        World.WaitForLog("terminating... - too many encrypted packets were lost in a row");
    }

    private FakePath Connect()
    {
        FakePath path = LogIn();
        World.WaitForLog("<pptp-alice>: connected");
        while (path.Sent.TryTake(out _))
        {
        }
        return path;
    }

    private static byte[] NextCcp(FakePath path)
    {
        while (path.Sent.TryTake(out byte[]? frame, TimeSpan.FromSeconds(10)))
        {
            if (PppFrame.TryParse(frame, out ushort protocol, out int at) && protocol == PppProtocol.Ccp)
                return frame[at..];
        }
        throw new AssertionException("the server sent no CCP packet");
    }
}

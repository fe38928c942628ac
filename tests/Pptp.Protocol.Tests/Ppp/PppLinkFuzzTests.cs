using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>
/// Bytes a peer would not send, the same ones in each run: nothing throws, no frame draws a flood, and a link that
/// ended says nothing more.
/// </summary>
public sealed class PppLinkFuzzTests
{
    // The most that one frame sets off: NetworkDown, requests, answers, LayerUp's events and answers to early requests.
    private const int MostEventsPerInput = 8;

    // An Ack, and the first requests of IPCP and IPv6CP with the answers to early ones; or a verdict and the next phase.
    private const int MostFramesPerInput = 5;

    private static readonly ushort[] Protocols =
        [0xC021, 0xC021, 0xC021, 0x80FD, 0x8021, 0xC223, 0x8057, 0xC023, 0xC227, 0x00FD, 0x0021, 0x1234];

    private static IEnumerable<Func<ScriptedPeer>> Situations()
    {
        yield return () => new ScriptedPeer().Opens();
        yield return () => new ScriptedPeer().OpensLcp();
        yield return () => new ScriptedPeer().OpensLcp().AnswersChallenge();
        yield return () => new ScriptedPeer().ComesIn();
        yield return () => new ScriptedPeer()
            .ComesIn(ScriptedPeer.Authorization with { Encryption = EncryptionPolicy.Yes });
        yield return () => new ScriptedPeer().ComesIn().OpensCcp();
        yield return () => new ScriptedPeer().GetsNetwork();
        yield return () => new ScriptedPeer().ComesIn(ScriptedPeer.Authorization with { Ipv6 = Ipv6Policy.Yes });
        yield return () => new ScriptedPeer()
            .ComesIn(ScriptedPeer.Authorization with { Ipv6 = Ipv6Policy.Yes }).OpensCcp();
        yield return () => new ScriptedPeer().ComesIn(
            ScriptedPeer.Authorization with { Ipv6 = Ipv6Policy.Required, Encryption = EncryptionPolicy.No });
        yield return () => new ScriptedPeer(new PppLinkOptions { AuthenticationMethods = [AuthenticationMethod.Eap] })
            .Opens().Sees(out PppEvent.Send _)
            .Says("FF03 C021 02 01 # 0104 05AA 0304 C227 0506 A1B2C3D4")
            .Says("FF03 C021 01 01 # 0506 0BADCAFE").Sees(out PppEvent.Send _).Sees(out PppEvent.LcpUp _);
        yield return () => Called(AuthenticationMethod.MsChapV2).Opens();
        yield return () => CalledLcp(AuthenticationMethod.MsChapV2, "0305 C223 81");
        yield return () => CalledLcp(AuthenticationMethod.MsChapV2, "0305 C223 81")
            .Says("FF03 C223 01 01 # 10 000102030405060708090A0B0C0D0E0F 7878").Sees(out PppEvent.Send _);
        yield return () => CalledLcp(AuthenticationMethod.MsChapV1, "0305 C223 80");
        yield return () => CalledLcp(AuthenticationMethod.Pap, "0304 C023").Sees(out PppEvent.Send _);
        yield return () => CalledLcp(AuthenticationMethod.Pap, "0304 C023").Sees(out PppEvent.Send _)
            .Says("FF03 C023 02 01 # 00").Sees(out PppEvent.LoggedIn _).Sees(out PppEvent.EncryptionRefused _);
    }

    [Test]
    public void Random_bytes_never_throw_and_never_draw_a_flood()
    {
        var random = new Random(19940701);
        foreach (Func<ScriptedPeer> situation in Situations())
        {
            for (int round = 0; round < 400; round++)
            {
                ScriptedPeer peer = situation();
                for (int frame = 0; frame < 25; frame++)
                {
                    byte[] bytes = new byte[random.Next(40)];
                    random.NextBytes(bytes);
                    Feed(peer, bytes, random);
                }
            }
        }
    }

    [Test]
    public void Packets_with_random_insides_never_throw_and_never_draw_a_flood()
    {
        var random = new Random(19941201);
        foreach (Func<ScriptedPeer> situation in Situations())
        {
            for (int round = 0; round < 1500; round++)
            {
                ScriptedPeer peer = situation();
                for (int frame = 0; frame < 25; frame++) Feed(peer, Packet(random), random);
            }
        }
    }

    [Test]
    public void A_frame_cut_anywhere_never_throws()
    {
        var random = new Random(7);
        byte[] whole = ScriptedPeer.Bytes("FF03 C021 01 01 # 0104 0578 0506 0BADCAFE 0702 0802 0D03 06");
        for (int length = 0; length <= whole.Length; length++)
        {
            for (int octet = 0; octet < 256; octet++)
            {
                byte[] bytes = whole[..length];
                if (length > 0) bytes[octet % length] = (byte)octet;
                Feed(new ScriptedPeer().Opens(), bytes, random);
            }
        }
    }

    private static ScriptedPeer Called(AuthenticationMethod method) => new(new PppLinkOptions
    {
        AuthenticationMethods = [method],
        Login = new LinkLogin
        {
            UserName = "alice",
            Password = "secret",
            Encryption = EncryptionPolicy.Yes,
            AsksForDns = true,
        },
    });

    private static ScriptedPeer CalledLcp(AuthenticationMethod method, string option) => Called(method)
        .Opens().Hears("FF03 C021 01 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 02 01 # 0104 05AA 0506 A1B2C3D4")
        .Says($"FF03 C021 01 01 # {option}").Hears($"FF03 C021 02 01 # {option}").Sees(out PppEvent.LcpUp _);

    private static byte[] Packet(Random random)
    {
        ushort protocol = Protocols[random.Next(Protocols.Length)];
        int size = random.Next(24);
        byte[] packet = new byte[4 + size];
        random.NextBytes(packet);
        packet[0] = (byte)random.Next(17);
        packet[1] = (byte)random.Next(6);
        packet[2] = 0;
        packet[3] = (byte)(random.Next(20) == 0 ? random.Next(40) : packet.Length);
        // Mostly well-formed options of types that mean something.
        for (int at = 4; at + 6 <= packet.Length; at += 6)
        {
            packet[at] = new byte[] { 1, 2, 3, 5, 7, 18, 129, 131 }[random.Next(8)];
            packet[at + 1] = (byte)(random.Next(8) == 0 ? random.Next(9) : 6);
        }
        if (protocol == PppProtocol.Ipv6cp && size >= 10 && random.Next(4) > 0)
        {
            packet[4] = 1;
            packet[5] = 10;
            if (random.Next(3) == 0) packet.AsSpan(6, 8).Clear();
        }
        return PppFrame.Create(protocol, packet);
    }

    private static void Feed(ScriptedPeer peer, byte[] bytes, Random random)
    {
        while (peer.Link.TryTake(out _))
        {
        }
        bool wasClosed = peer.Link.Phase == LinkPhase.Closed;
        peer.Link.Receive(bytes, peer.Now);
        int events = 0;
        int frames = 0;
        bool isClosed = false;
        while (peer.Link.TryTake(out PppEvent? happened))
        {
            Assert.That(isClosed, Is.False, "an event after Closed");
            isClosed = happened is PppEvent.Closed;
            events++;
            if (happened is PppEvent.Send) frames++;
            if (happened is not PppEvent.CredentialsReceived) continue;
            if (random.Next(3) == 0)
                peer.Link.Challenge([1, (byte)random.Next(6), 0, 6, (byte)random.Next(6), 0], peer.Now);
            if (random.Next(2) == 0) peer.Link.Authorize(ScriptedPeer.Authorization, peer.Now);
            else peer.Link.Refuse(random.Next(2) == 0, "no", peer.Now);
        }
        Assert.That(events, Is.LessThanOrEqualTo(wasClosed ? 0 : MostEventsPerInput), Convert.ToHexString(bytes));
        Assert.That(frames, Is.LessThanOrEqualTo(MostFramesPerInput), Convert.ToHexString(bytes));
        if (random.Next(6) == 0) peer.Waits(random.Next(4));
    }
}

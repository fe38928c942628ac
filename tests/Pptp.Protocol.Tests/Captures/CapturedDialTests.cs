using System.Buffers.Binary;
using System.Net;
using System.Text;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Captures;

/// <summary>What real clients have in common.</summary>
[TestFixtureSource(nameof(Captures))]
internal sealed class CapturedDialTests(Capture capture)
{
    private static readonly Capture[] Captures = [PptpLinuxCapture.Dial, KernelClientCapture.Dial];

    private ReplayedDial _dial = null!;

    [SetUp]
    public void Replay() => _dial = ReplayedDial.Of(capture);

    [TearDown]
    public void Dispose() => _dial.Dispose();

    [Test]
    public void The_dial_ends_in_a_network_with_addresses_and_encryption()
    {
        NetworkParameters parameters = _dial.Single<PppEvent.NetworkUp>().Parameters;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(parameters.RemoteAddress, Is.EqualTo(IPAddress.Parse("10.0.0.5")));
            Assert.That(parameters.DnsServers, Is.EqualTo([IPAddress.Parse("10.0.0.1")]));
            Assert.That(parameters.PeerMru, Is.EqualTo(1400));
            Assert.That(parameters.Mppe, Is.EqualTo(new MppeParameters(MppeStrength.Bits128, true)));
        }
    }

    [Test]
    public void Its_response_to_our_challenge_proves_the_password_and_no_other()
    {
        var credentials = (MsChapV2Credentials)_dial.Single<PppEvent.CredentialsReceived>().Credentials;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo("alice"));
            Assert.That(credentials.Verify(ReplayedDial.NtPasswordHash()), Is.True);
            Assert.That(credentials.Verify(ReplayedDial.NtPasswordHash("Secret")), Is.False);
        }
    }

    [Test]
    public void Its_data_decrypts_to_three_pings_and_ours_to_their_answers_and_six_datagrams()
    {
        Assert.That(_dial.FromClient, Has.Count.EqualTo(3));
        Assert.That(_dial.FromServer, Has.Count.EqualTo(9));
        using (Assert.EnterMultipleScope())
        {
            for (int i = 0; i < 3; i++)
            {
                byte[] request = _dial.FromClient[i];
                byte[] reply = _dial.FromServer[i];
                MustBeEcho(request, type: 8, number: i + 1, "10.0.0.5", "10.0.0.1");
                MustBeEcho(reply, type: 0, number: i + 1, "10.0.0.1", "10.0.0.5");
                Assert.That(reply[30..], Is.EqualTo(request[30..]), "identifier, number and data");
            }
            Assert.That(
                _dial.FromServer.Skip(3).Select(datagram => Encoding.ASCII.GetString(datagram[30..])),
                Is.EqualTo(Enumerable.Range(1, 6).Select(i => $"one way {i}\n")));
        }
    }

    [Test]
    public void Its_first_sequence_number_is_1_and_none_is_missing_for_that()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(capture.ClientGre.First().Sequence, Is.EqualTo(1));
            Assert.That(capture.ServerGre.First().Sequence, Is.Zero);
            Assert.That(_dial.Call.Counters.Lost, Is.Zero);
            Assert.That(_dial.Call.Counters.Delivered, Is.EqualTo(capture.ClientGre.Count(p => p.IsData)));
            Assert.That(_dial.Call.Counters.AcknowledgementsInvalid, Is.Zero);
        }
    }

    [Test]
    public void Its_LCP_echo_comes_before_it_has_logged_in_and_is_answered()
    {
        int echo = _dial.Events.FindIndex(happened => happened is PppEvent.EchoRequestReceived);
        int login = _dial.Events.FindIndex(happened => happened is PppEvent.CredentialsReceived);

        Assert.That(echo, Is.Not.Negative.And.LessThan(login));
        Assert.That(capture.ServerGre.Count(packet => packet.IsFrame("FF03 C021 0A")), Is.EqualTo(1));
    }

    [Test]
    public void It_shortens_no_header_for_we_ask_for_none_and_gets_short_ones_with_its_data_for_it_asked()
    {
        PppEvent.LcpUp up = _dial.Single<PppEvent.LcpUp>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(up.ProtocolCompression && up.AddressCompression, Is.True);
            Assert.That(capture.ClientGre.Count(packet => packet.IsFrame("FF03 00FD")), Is.EqualTo(3));
            Assert.That(capture.ClientGre.Where(packet => packet.IsData && !packet.IsFrame("FF03")), Is.Empty);
            Assert.That(capture.ServerGre.Count(packet => packet.IsFrame("FD")), Is.EqualTo(9));
        }
    }

    [Test]
    public void Its_request_for_a_second_name_server_is_rejected_alone_and_it_asks_again_without() =>
        Assert.That(
            capture.ClientGre.Where(packet => packet.IsFrame("FF03 8021 01"))
                .Select(packet => Convert.ToHexString(packet.Frame[8..])),
            Is.EqualTo(
                ["030600000000810600000000830600000000", "030600000000810600000000", "03060A00000581060A000001"]));

    [Test]
    public void It_asks_to_terminate_twice_at_once_and_only_the_first_is_answered()
    {
        PppEvent.Closed closed = _dial.Single<PppEvent.Closed>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(closed, Is.EqualTo(new PppEvent.Closed(LinkCloseCause.PeerRequest, "MPPE disabled")));
            Assert.That(capture.ClientGre.Count(packet => packet.IsFrame("FF03 C021 05")), Is.EqualTo(2));
            Assert.That(capture.ServerGre.Count(packet => packet.IsFrame("FF03 C021 06")), Is.EqualTo(1));
            Assert.That(_dial.Events[^1], Is.SameAs(closed));
        }
    }

    private static void MustBeEcho(byte[] plain, int type, int number, string source, string destination)
    {
        Assert.That(plain[..3], Is.EqualTo(new byte[] { 0x00, 0x21, 0x45 }));
        Assert.That(plain[11], Is.EqualTo(1), "ICMP");
        Assert.That(new IPAddress(plain[14..18]), Is.EqualTo(IPAddress.Parse(source)));
        Assert.That(new IPAddress(plain[18..22]), Is.EqualTo(IPAddress.Parse(destination)));
        Assert.That(Checksum(plain[2..22]), Is.EqualTo(0xFFFF));
        Assert.That(Checksum(plain[22..]), Is.EqualTo(0xFFFF));
        Assert.That(plain[22], Is.EqualTo(type));
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(plain.AsSpan(28)), Is.EqualTo(number));
    }

    /// <summary>RFC 1071: all ones where the checksum within is right.</summary>
    private static int Checksum(byte[] bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i));
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }
}

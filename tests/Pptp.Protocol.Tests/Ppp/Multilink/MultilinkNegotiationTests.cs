using System.Net;
using Pptp.Protocol.Ppp;
using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Protocol.Tests.Ppp.Multilink;

public sealed class MultilinkNegotiationTests
{
    private const string Endpoint = "1313 04 00000000000000000000000000000000";
    private const string Wishes = $"{ScriptedPeer.ServerLcpOptions} 1104 0640 {Endpoint}";

    private static readonly PppLinkOptions Multilink = new()
    {
        Mrru = 1600,
        CreateAuthenticator = (_, _) => new TestAuthenticator(),
    };

    private static readonly LinkAuthorization Authorization = new()
    {
        LocalAddress = LinkPair.ServerAddress,
        RemoteAddress = LinkPair.ClientAddress,
    };

    [Test]
    public void Mrru_and_an_endpoint_of_its_own_are_asked_for_where_configured() => Opened().HearsNothing();

    [Test]
    public void Mrru_short_numbers_and_endpoint_of_the_peer_are_taken()
    {
        const string Options = "1104 0640 1202 1309 03 525400123456";
        PppEvent.LcpUp up = Opened().Says($"FF03 C021 02 01 # {Wishes}")
            .Says($"FF03 C021 01 33 # {Options}").Hears($"FF03 C021 02 33 # {Options}").Sees<PppEvent.LcpUp>();
        Assert.That(up.Multilink, Is.EqualTo(new MultilinkParameters(1600, 1600, SendShortNumbers: true)));
    }

    [Test]
    public void A_peer_that_only_takes_our_mrru_may_send_fragments_and_gets_none()
    {
        PppEvent.LcpUp up = Opened().Says($"FF03 C021 02 01 # {Wishes}")
            .Says("FF03 C021 01 33 0004").Hears("FF03 C021 02 33 0004").Sees<PppEvent.LcpUp>();
        Assert.That(up.Multilink, Is.EqualTo(new MultilinkParameters(1600, null, SendShortNumbers: false)));
    }

    [Test]
    public void With_a_peer_that_rejects_our_mrru_there_is_no_multilink()
    {
        PppEvent.LcpUp up = Opened().Says("FF03 C021 04 01 # 1104 0640")
            .Hears($"FF03 C021 01 02 # {ScriptedPeer.ServerLcpOptions}")
            .Says($"FF03 C021 02 02 # {ScriptedPeer.ServerLcpOptions}")
            .Says("FF03 C021 01 33 # 1104 0640 1202 1303 00").Hears("FF03 C021 04 33 # 1104 0640 1202 1303 00")
            .Says("FF03 C021 01 34 0004").Hears("FF03 C021 02 34 0004").Sees<PppEvent.LcpUp>();
        Assert.That(up.Multilink, Is.Null);
    }

    [Test]
    public void A_peer_that_rejects_the_endpoint_alone_still_gets_mrru() =>
        Opened().Says($"FF03 C021 04 01 # {Endpoint}")
            .Hears($"FF03 C021 01 02 # {ScriptedPeer.ServerLcpOptions} 1104 0640");

    [TestCase("05DC", "05DC", TestName = "A_smaller_mrru_is_asked_for_when_the_peer_wishes")]
    [TestCase("0800", "0640", TestName = "A_larger_mrru_than_ours_is_not_asked_for")]
    [TestCase("0040", "0640", TestName = "An_mrru_too_small_for_ip_is_not_asked_for")]
    public void Naks_of_our_mrru(string suggested, string asked) =>
        Opened().Says($"FF03 C021 03 01 # 1104 {suggested}")
            .Hears($"FF03 C021 01 02 # {ScriptedPeer.ServerLcpOptions} 1104 {asked} {Endpoint}");

    [TestCase("1104 003C", "1104 0080", TestName = "An_mrru_of_60_is_moved_to_128")]
    [TestCase("1103 05", "1104 0640", TestName = "An_mrru_of_one_octet_is_moved_to_ours")]
    [TestCase("1203 01", "1202", TestName = "Data_after_short_numbers_is_not_taken")]
    public void Naks_of_the_peers(string asked, string suggested) =>
        Opened().Says($"FF03 C021 01 33 # {asked}").Hears($"FF03 C021 03 33 # {suggested}").HearsNothing();

    [TestCase(1600, 1600, EncryptionPolicy.No, 1600, TestName = "In_clear_a_packet_may_be_as_long_as_the_mrru")]
    [TestCase(1400, 1400, EncryptionPolicy.Required, 1396, TestName = "Encryption_takes_four_octets_of_it")]
    [TestCase(1600, 1500, EncryptionPolicy.No, 1500, TestName = "The_smaller_mrru_of_both_holds")]
    [TestCase(1500, 65535, EncryptionPolicy.Required, 1500, TestName = "Ours_bounds_it_too")]
    [TestCase(1600, 1600, EncryptionPolicy.Required, 1500, TestName = "Encrypted_it_is_no_more_than_Linux_decrypts")]
    [TestCase(1600, null, EncryptionPolicy.No, 1450, TestName = "Without_the_peers_mrru_max_mtu_bounds_it")]
    public void The_mtu_follows_the_mrru(int? answerers, int? callers, EncryptionPolicy encryption, int mtu)
    {
        using LinkPair pair = new(
            Caller(callers, encryption),
            new PppLinkOptions { Mrru = answerers },
            Authorization with { Encryption = encryption });
        pair.Run();
        Assert.That(pair.AnswererNetwork?.Mtu, Is.EqualTo(mtu));
        Assert.That(pair.AnswererNetwork?.LinkMtu, Is.EqualTo(1450));
        Assert.That(pair.AnswererNetwork?.Multilink?.PeerMrru, Is.EqualTo(callers));
        Assert.That(pair.CallerNetwork?.Multilink?.PeerMrru, Is.EqualTo(callers is null ? null : answerers));
    }

    [Test]
    public void Each_link_has_another_endpoint_so_that_no_peer_bundles_two()
    {
        List<byte[]> requests = [];
        for (ulong seed = 1; seed <= 2; seed++)
        {
            using LinkPair pair = new(
                Caller(1600, EncryptionPolicy.Required), new PppLinkOptions { Mrru = 1600 }, Authorization, seed);
            pair.Run();
            requests.Add(pair.SentByCaller[0]);
        }
        Assert.That(requests[0][^16..], Is.Not.EqualTo(requests[1][^16..]));
    }

    [TestCase(127)]
    [TestCase(65536)]
    public void An_mrru_that_does_not_fit_its_option_is_refused(int mrru) =>
        Assert.That(() => new ScriptedPeer(Multilink with { Mrru = mrru }), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static PppLinkOptions Caller(int? mrru, EncryptionPolicy encryption) => new()
    {
        Mrru = mrru,
        Login = new LinkLogin
        {
            UserName = LinkPair.User,
            Password = LinkPair.Password,
            Encryption = encryption,
            LocalAddress = IPAddress.Any,
            RemoteAddress = IPAddress.Any,
        },
    };

    private static ScriptedPeer Opened() =>
        new ScriptedPeer(Multilink).Opens().Hears($"FF03 C021 01 01 # {Wishes}");
}

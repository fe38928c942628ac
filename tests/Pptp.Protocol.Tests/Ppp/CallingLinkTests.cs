using System.Net;
using System.Text;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>The link that calls: what it says, what it takes, and what it leaves.</summary>
public sealed class CallingLinkTests
{
    private static readonly AuthenticationMethod[] AllMethods = LinkPair.Methods;

    [Test]
    public void It_demands_no_login_and_takes_the_peers_demand() => Calling()
        .Opens().Hears("FF03 C021 01 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 02 01 # 0104 05AA 0506 A1B2C3D4").HearsNothing()
        .Says("FF03 C021 01 01 # 0104 05AA 0305 C223 81 0506 0BADCAFE")
        .Hears("FF03 C021 02 01 # 0104 05AA 0305 C223 81 0506 0BADCAFE")
        .Sees(out PppEvent.LcpUp _).HearsNothing()
        .Says("FF03 C223 01 01 # 10 000102030405060708090A0B0C0D0E0F 7878")
        .Sees(out PppEvent.Send _);

    [Test]
    public void Windows_asks_for_eap_first_and_is_told_the_strongest_method() => Calling(
            AuthenticationMethod.MsChapV2, AuthenticationMethod.Pap)
        .Opens().Hears("FF03 C021 01 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 02 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 01 00 # 0104 0578 0304 C227 0506 0BADCAFE 0702 0802")
        .Hears("FF03 C021 03 00 # 0305 C223 81")
        .Says("FF03 C021 01 01 # 0104 0578 0305 C223 81 0506 0BADCAFE 0702 0802")
        .Hears("FF03 C021 02 01 # 0104 0578 0305 C223 81 0506 0BADCAFE 0702 0802")
        .Sees(out PppEvent.LcpUp _).HearsNothing();

    [TestCase("0304 C023", "Pap")]
    [TestCase("0305 C223 05", "ChapMd5")]
    [TestCase("0305 C223 80", "MsChapV1")]
    [TestCase("0304 C227", "EAP")]
    [TestCase("0302", "0x")]
    public void A_peer_that_insists_on_a_method_outside_the_allowed_is_left(string option, string named)
    {
        ScriptedPeer peer = Calling().Opens().Hears("FF03 C021 01 01 # 0104 05AA 0506 A1B2C3D4")
            .Says("FF03 C021 02 01 # 0104 05AA 0506 A1B2C3D4");
        for (int i = 1; i <= 5; i++)
            peer.Says($"FF03 C021 01 0{i} # {option}").Hears($"FF03 C021 03 0{i} # 0305 C223 81");
        string detail = $"the peer insists on {named}";

        peer.Says($"FF03 C021 01 06 # {option}")
            .Hears("FF03 C021 05 02 # " + Convert.ToHexString(Encoding.ASCII.GetBytes(detail)))
            .Says("FF03 C021 06 02 0004")
            .SeesClosed(LinkCloseCause.AuthenticationMethodRefused, detail);
    }

    [Test]
    public void A_peer_that_asks_for_no_login_is_left() => Calling()
        .Opens().Hears("FF03 C021 01 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 02 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 01 01 # 0506 0BADCAFE").Hears("FF03 C021 02 01 # 0506 0BADCAFE")
        .Hears("FF03 C021 05 02 # " + Convert.ToHexString("the peer asks for no login"u8))
        .Says("FF03 C021 06 02 0004")
        .SeesClosed(LinkCloseCause.AuthenticationMethodRefused, "the peer asks for no login");

    [Test]
    public void A_peer_that_never_challenges_is_left_after_half_a_minute() => Calling()
        .Opens().Hears("FF03 C021 01 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 02 01 # 0104 05AA 0506 A1B2C3D4")
        .Says("FF03 C021 01 01 # 0305 C223 81").Hears("FF03 C021 02 01 # 0305 C223 81")
        .Sees(out PppEvent.LcpUp _)
        .Waits(29.9).HearsNothing().Waits(0.1)
        .Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8))
        .Says("FF03 C021 06 02 0004")
        .SeesClosed(LinkCloseCause.AuthenticationFailed, "the peer does not answer the login");

    [Test]
    public void A_response_is_said_again_until_it_is_answered_and_has_its_own_half_minute()
    {
        ScriptedPeer peer = Calling()
            .Opens().Hears("FF03 C021 01 01 # 0104 05AA 0506 A1B2C3D4")
            .Says("FF03 C021 02 01 # 0104 05AA 0506 A1B2C3D4")
            .Says("FF03 C021 01 01 # 0305 C223 81").Hears("FF03 C021 02 01 # 0305 C223 81")
            .Sees(out PppEvent.LcpUp _)
            .Waits(29)
            .Says("FF03 C223 01 01 # 10 000102030405060708090A0B0C0D0E0F 7878").Sees(out PppEvent.Send response);
        for (int i = 1; i < 10; i++)
        {
            peer.Waits(2.9).HearsNothing().Waits(0.1).Sees(out PppEvent.Send again).HearsNothing();
            Assert.That(again.Frame, Is.EqualTo(response.Frame));
        }

        peer.Waits(3).Hears("FF03 C021 05 02 # " + Convert.ToHexString("authentication failed"u8));
    }

    [Test]
    public void A_name_longer_than_its_field_is_an_error_at_once() =>
        Assert.That(() => new PppLink(
            new PppLinkOptions { Login = new LinkLogin { UserName = new string('ü', 128), Password = "" } },
            new KnownRandom()), Throws.ArgumentException);

    [Test]
    public void The_password_is_in_no_text() =>
        Assert.That(
            new PppLinkOptions { Login = new LinkLogin { UserName = "u", Password = "secret" } }.ToString(),
            Does.Not.Contain("secret"));

    [TestCase("MsChapV2", "MsChapV2, MsChapV1, ChapMd5, Pap", "MsChapV2")]
    [TestCase("Pap", "MsChapV2, MsChapV1, ChapMd5, Pap", "Pap")]
    [TestCase("MsChapV2, Pap", "ChapMd5, Pap", "Pap")]
    [TestCase("MsChapV1, ChapMd5", "MsChapV2, ChapMd5", "ChapMd5")]
    [TestCase("MsChapV2, MsChapV1, ChapMd5, Pap", "Pap", "Pap")]
    public void They_agree_on_a_method_both_allow(string caller, string answerer, string agreed)
    {
        using LinkPair pair = Pair(Methods(caller), Methods(answerer)).Run();

        Assert.That(
            pair.AtCaller.OfType<PppEvent.LcpUp>().Last().Method.ToString(), Is.EqualTo(agreed));
        Assert.That(pair.CallerNetwork, Is.Not.Null);
    }

    [TestCase("MsChapV2", "Pap")]
    [TestCase("MsChapV2, MsChapV1", "ChapMd5, Pap")]
    public void Nothing_of_a_method_outside_the_allowed_is_ever_sent(string caller, string answerer)
    {
        using LinkPair pair = Pair(Methods(caller), Methods(answerer)).Run(120);

        Assert.That(pair.CallerClosed, Is.Not.Null);
        Assert.That(pair.AnswererClosed?.Cause, Is.EqualTo(LinkCloseCause.AuthenticationMethodRefused)
            .Or.EqualTo(LinkCloseCause.PeerRequest));
        Assert.That(pair.SentByCaller, Has.All.Matches<byte[]>(frame => frame![2] == 0xC0 && frame[3] == 0x21));
    }

    [Test]
    public void A_wrong_password_is_the_end([ValueSource(nameof(AllMethods))] AuthenticationMethod method)
    {
        using LinkPair pair = Pair([method], [method], password: "guess").Run(60);

        Assert.That(pair.CallerClosed?.Cause, Is.EqualTo(LinkCloseCause.AuthenticationFailed));
        Assert.That(pair.AtCaller.OfType<PppEvent.LoggedIn>(), Is.Empty);
    }

    [Test]
    public void A_server_that_cannot_prove_the_password_is_left()
    {
        const string Guess = "S=0000000000000000000000000000000000000000 M=Welcome";
        using LinkPair pair = Pair(
            [AuthenticationMethod.MsChapV2], [AuthenticationMethod.MsChapV2], proof: Guess).Run(60);

        Assert.That(pair.CallerClosed, Is.EqualTo(new PppEvent.Closed(
            LinkCloseCause.AuthenticationFailed, "the server does not know the password")));
        Assert.That(pair.CallerNetwork ?? pair.AnswererNetwork, Is.Null);
    }

    [Test]
    public void The_address_is_the_one_the_server_gives()
    {
        using LinkPair pair = Pair(AllMethods, AllMethods).Run();

        Assert.That(pair.CallerNetwork?.LocalAddress, Is.EqualTo(LinkPair.ClientAddress));
        Assert.That(pair.CallerNetwork?.RemoteAddress, Is.EqualTo(LinkPair.ServerAddress));
        Assert.That(pair.CallerNetwork?.GivenDnsServers, Is.Empty);
    }

    [TestCase("9.9.9.9,1.1.1.1")]
    [TestCase("9.9.9.9")]
    [TestCase("")]
    public void Name_servers_are_those_the_server_has(string servers)
    {
        IPAddress[] has = [.. servers.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];
        using LinkPair pair = Pair(AllMethods, AllMethods, asksForDns: true, dns: has).Run();

        Assert.That(pair.CallerNetwork?.GivenDnsServers, Is.EqualTo(has));
        Assert.That(pair.AnswererNetwork?.DnsServers, Is.EqualTo(has));
    }

    [Test]
    public void A_server_with_no_address_for_us_is_left()
    {
        using LinkPair pair = Pair(AllMethods, AllMethods, address: IPAddress.Any).Run(60);

        Assert.That(pair.CallerClosed, Is.EqualTo(new PppEvent.Closed(
            LinkCloseCause.NetworkFailed, "the peer gives us no address")));
    }

    [Test]
    public void Either_side_hangs_up([Values] bool caller)
    {
        using LinkPair pair = Pair(AllMethods, AllMethods).Run();

        (caller ? pair.Caller : pair.Answerer).Terminate("bye", pair.Now);
        pair.Exchange();

        LinkCloseCause expected = caller ? LinkCloseCause.LocalRequest : LinkCloseCause.PeerRequest;
        Assert.That(pair.CallerClosed?.Cause, Is.EqualTo(expected));
        Assert.That(pair.AnswererClosed?.Detail, Is.EqualTo("bye"));
        Assert.That(pair.AtCaller.OfType<PppEvent.NetworkDown>(), Has.Exactly(1).Items);
    }

    private static ScriptedPeer Calling(params AuthenticationMethod[] methods) => new(new PppLinkOptions
    {
        AuthenticationMethods = methods.Length > 0 ? methods : [AuthenticationMethod.MsChapV2],
        Login = new LinkLogin { UserName = LinkPair.User, Password = LinkPair.Password },
    });

    private static AuthenticationMethod[] Methods(string names) =>
        [.. names.Split(", ").Select(Enum.Parse<AuthenticationMethod>)];

    private static LinkPair Pair(
        AuthenticationMethod[] caller, AuthenticationMethod[] answerer, string password = LinkPair.Password,
        string? proof = null, bool asksForDns = false, IPAddress[]? dns = null, IPAddress? address = null) => new(
            new PppLinkOptions
            {
                AuthenticationMethods = caller,
                Login = new LinkLogin
                {
                    UserName = LinkPair.User,
                    Password = password,
                    Encryption = EncryptionPolicy.Yes,
                    AsksForDns = asksForDns,
                },
            },
            new PppLinkOptions { AuthenticationMethods = answerer },
            new LinkAuthorization
            {
                LocalAddress = LinkPair.ServerAddress,
                RemoteAddress = address ?? LinkPair.ClientAddress,
                Encryption = EncryptionPolicy.Yes,
                DnsServers = dns ?? [],
            })
        { Proof = proof };
}

using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Radius;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>What servers are asked about a login, and what their answers come to.</summary>
public sealed class RadiusAccessTests : IAsyncDisposable
{
    private const string Password = "wonderland";

    private static readonly IPAddress Client = IPAddress.Parse("198.51.100.7");
    private static readonly IPAddress Called = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _time = new();
    private readonly FakePort _port = new();
    private readonly FakePort _other = new();
    private readonly RadiusServers _servers;
    private readonly RadiusAccess _access;
    private PptpConfiguration _configuration = new()
    {
        System = new SystemSettings { Identity = "nas-1" },
        PppAaa = new PppAaaSettings { UseRadius = true },
        Secrets = [new PppSecret { Name = "local", Password = SecretValue.FromPassword("at home") }],
    };

    public RadiusAccessTests()
    {
        MonotonicClock clock = new(_time);
        LoginGuard guard = new(clock);
        _servers = new RadiusServers((row, _) => row.Address.Equals(Row.Address) ? _port : _other, clock, NullLogger.Instance);
        _servers.Update([Row]);
        _access = new RadiusAccess(
            new LocalSecrets(() => _configuration, ReadOnlySecrets.Instance, guard),
            _servers, () => _configuration, guard, new RadiusMemory(clock), NullLogger.Instance);
    }

    private static RadiusServer Row => new()
    {
        Address = IPAddress.Parse("203.0.113.5"),
        Service = RadiusServices.Ppp,
        Secret = SecretValue.FromPassword("testing123"),
    };

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    [Test]
    [EffectOf("system", "identity")]
    public async Task A_login_is_asked_with_the_attributes_of_RouterOS_in_its_order()
    {
        await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        Assert.That(Asked.Select(value => $"{value}"), Is.EqualTo(new[]
        {
            "Service-Type = 2",
            "Framed-Protocol = 1",
            "NAS-Port = 17",
            "NAS-Port-Type = 5",
            "User-Name = \"alice\"",
            "Calling-Station-Id = \"198.51.100.7\"",
            "Called-Station-Id = \"192.0.2.1\"",
            "Acct-Session-Id = \"81000001\"",
            "User-Password (10 octets)",
            "NAS-Identifier = \"nas-1\"",
            "NAS-IP-Address = 192.0.2.254",
        }));
        Assert.That(OctetsOf(RadiusAttributes.UserPassword), Is.EqualTo(Encoding.UTF8.GetBytes(Password)));
    }

    [Test]
    public async Task A_login_by_CHAP_carries_challenge_identifier_and_response()
    {
        var chap = (ChapMd5Credentials)Login.By(AuthenticationMethod.ChapMd5, "alice", Password);
        await DecideAsync(chap);
        Assert.That(OctetsOf(RadiusAttributes.ChapChallenge), Is.EqualTo(chap.Challenge));
        Assert.That(
            OctetsOf(RadiusAttributes.ChapPassword), Is.EqualTo((byte[])[chap.Identifier, .. chap.Response]));
    }

    [Test]
    public async Task A_login_by_MS_CHAPv1_is_laid_out_as_in_RFC_2548()
    {
        var chap = (MsChapV1Credentials)Login.By(AuthenticationMethod.MsChapV1, "alice", Password);
        await DecideAsync(chap);
        Assert.That(OctetsOf(RadiusAttributes.MsChapChallenge), Is.EqualTo(chap.Challenge));
        byte[] response = OctetsOf(RadiusAttributes.MsChapResponse);
        Assert.That(response[..2], Is.EqualTo(new byte[] { chap.Identifier, 1 }));
        Assert.That(response[26..], Is.EqualTo(chap.NtResponse));
    }

    [Test]
    public async Task A_login_by_MS_CHAPv2_is_laid_out_as_in_RFC_2548()
    {
        var chap = (MsChapV2Credentials)Login.By(AuthenticationMethod.MsChapV2, @"CORP\alice", Password);
        await DecideAsync(chap);
        Assert.That(OctetsOf(RadiusAttributes.MsChapChallenge), Is.EqualTo(chap.AuthenticatorChallenge));
        byte[] response = OctetsOf(RadiusAttributes.MsChap2Response);
        Assert.That(response, Has.Length.EqualTo(50));
        Assert.That(response[0], Is.EqualTo(chap.Identifier));
        Assert.That(response[2..18], Is.EqualTo(chap.PeerChallenge));
        Assert.That(response[26..], Is.EqualTo(chap.NtResponse));
        Assert.That(OctetsOf(RadiusAttributes.UserName), Is.EqualTo(@"CORP\alice"u8.ToArray()));
        Assert.That(OctetsOf(RadiusAttributes.MsChapDomain), Is.EqualTo((byte[])[chap.Identifier, .. "CORP"u8]));
        Assert.That(OctetsOf(RadiusAttributes.MikrotikRealm), Is.EqualTo("CORP"u8.ToArray()));
    }

    [Test]
    [EffectOf("radius", "realm")]
    public async Task A_server_is_told_the_realm_of_its_row_and_the_name_as_it_came(
        [Values("alice", "alice@Example.NET", @"CORP\alice")] string user)
    {
        _servers.Update([Row with { Realm = "example.net" }]);
        await DecideAsync(Login.By(AuthenticationMethod.Pap, user, Password));
        Assert.That(OctetsOf(RadiusAttributes.MikrotikRealm), Is.EqualTo("example.net"u8.ToArray()));
        Assert.That(OctetsOf(RadiusAttributes.UserName), Is.EqualTo(Encoding.UTF8.GetBytes(user)));
        // As it goes out: Vendor-Specific of 14988, its attribute 9.
        byte[] packet = RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.AccessRequest, Asked), 1, "secret"u8, new byte[16]);
        Assert.That(
            Convert.ToHexStringLower(packet),
            Does.Contain("1a1300003a8c090d" + "6578616d706c652e6e6574")
                .And.Contain($"01{user.Length + 2:x2}{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(user))}"));
    }

    [Test]
    public async Task A_change_of_password_is_cut_into_numbered_parts()
    {
        byte[] block = [.. Enumerable.Range(0, 516).Select(i => (byte)(i * 7))];
        byte[] hash = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        var login = (MsChapV2Credentials)Login.By(AuthenticationMethod.MsChapV2, "alice", Password);
        _port.Outcome = _ => RadiusReplies.Accept([ProofFor(login), .. Keys()]);
        AccessDecision decision = await DecideAsync(new MsChapV2PasswordChange(login, block, hash));
        Assert.That(decision, Is.InstanceOf<AccessDecision.Accept>().With.Property("PasswordChanged").True);

        byte[] change = OctetsOf(RadiusAttributes.MsChap2ChangedPassword);
        Assert.That(change, Has.Length.EqualTo(68));
        Assert.That(change[..2], Is.EqualTo(new byte[] { 7, login.Identifier }));
        Assert.That(change[2..18], Is.EqualTo(hash));
        Assert.That(change[18..34], Is.EqualTo(login.PeerChallenge));
        Assert.That(change[42..66], Is.EqualTo(login.NtResponse));
        byte[][] parts = [.. Asked
            .Where(value => value.Attribute == RadiusAttributes.MsChapNtEncryptedPassword)
            .Select(value => value.Octets.ToArray())];
        Assert.That(parts.Select(part => Convert.ToHexString(part[..4])), Is.EqualTo(new[]
        {
            $"06{login.Identifier:X2}0001", $"06{login.Identifier:X2}0002", $"06{login.Identifier:X2}0003",
        }));
        Assert.That(parts.SelectMany(part => part[4..]), Is.EqualTo(block));
    }

    [Test]
    [EffectOf("ppp-aaa", "use-radius")]
    public async Task Nobody_is_asked_for_a_name_of_ours_nor_without_use_radius()
    {
        AccessDecision local = await DecideAsync(Login.By(AuthenticationMethod.Pap, "local", "wrong"));
        Assert.That(CauseOf(local), Is.EqualTo(RefusalCause.WrongPassword));
        _configuration = _configuration with { PppAaa = new PppAaaSettings() };
        AccessDecision nobody = await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        Assert.That(CauseOf(nobody), Is.EqualTo(RefusalCause.UnknownUser));
        Assert.That(_port.Requests, Is.Empty);
    }

    [Test]
    public async Task Who_is_accepted_gets_keys_proof_and_a_name()
    {
        var chap = (MsChapV2Credentials)Login.By(AuthenticationMethod.MsChapV2, "alice", Password);
        _port.Outcome = _ => RadiusReplies.Accept(
        [
            ProofFor(chap), .. Keys(),
            RadiusValue.Of(RadiusAttributes.UserName, "alice@isp"),
            RadiusValue.Of(RadiusAttributes.ReplyMessage, "Good\nmorning"),
            RadiusValue.Of(RadiusAttributes.ServiceType, 1),
        ]);
        var accept = (AccessDecision.Accept)await DecideAsync(chap);
        Assert.That(accept.SuccessMessage, Is.EqualTo($"S={new string('A', 40)} M=Good morning"));
        Assert.That(accept.Keys!.Send.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)1, 16)));
        Assert.That(accept.Keys.Receive.ToArray(), Is.EqualTo(Enumerable.Repeat((byte)2, 16)));
        Assert.That(accept.Parameters.User, Is.EqualTo("alice@isp"));
        Assert.That(accept.Parameters.Radius!.Warnings, Has.One.StartsWith("Service-Type = 1 is ignored"));
    }

    [Test]
    public async Task The_keys_of_MS_CHAPv1_are_those_the_client_has()
    {
        PeerCredentials chap = Login.By(AuthenticationMethod.MsChapV1, "alice", Password, out AuthenticationPeer peer);
        byte[] hash = new byte[16];
        byte[] lmHash = new byte[16];
        MsChapV2.NtPasswordHash(Password, hash);
        MsChapV2.HashNtPasswordHash(hash, hash);
        MsChapV1.TryLmPasswordHash(Password, lmHash);
        byte[] hidden = RadiusCrypto.HidePassword(
            [.. lmHash[..8], .. hash, .. new byte[8]], RadiusReplies.Secret, RadiusReplies.Authenticator);
        _port.Outcome = _ => RadiusReplies.Accept(RadiusValue.Of(RadiusAttributes.MsChapMppeKeys, hidden));
        MppeStartKeys keys = ((AccessDecision.Accept)await DecideAsync(chap)).Keys!;
        using MppeStartKeys expected = ((MsChapV1Peer)peer).DeriveKeys();
        Assert.That(keys.Send.ToArray(), Is.EqualTo(expected.Receive.ToArray()));
        Assert.That(
            keys.SendFor(MppeStrength.Bits40).ToArray(), Is.EqualTo(expected.ReceiveFor(MppeStrength.Bits40).ToArray()));
    }

    [TestCase(0, 42)]
    [TestCase(1, 42)]
    [TestCase(0, 41)]
    public async Task Without_the_servers_proof_nobody_is_accepted_by_MS_CHAPv2(int further, int length)
    {
        var chap = (MsChapV2Credentials)Login.By(AuthenticationMethod.MsChapV2, "alice", Password);
        byte[] proof = ProofFor(chap).Octets.ToArray();
        proof[0] += (byte)further;
        proof[2] = further == 0 && length == 42 ? (byte)'?' : proof[2];
        _port.Outcome = _ => RadiusReplies.Accept(
            [RadiusValue.Of(RadiusAttributes.MsChap2Success, proof[..(length + 1)]), .. Keys()]);
        Assert.That(CauseOf(await DecideAsync(chap)), Is.EqualTo(RefusalCause.RadiusNoProof));
    }

    [Test]
    public async Task Without_keys_nobody_is_accepted_who_must_encrypt()
    {
        Require(Negotiation.Required);
        var chap = (MsChapV2Credentials)Login.By(AuthenticationMethod.MsChapV2, "alice", Password);
        _port.Outcome = _ => RadiusReplies.Accept(ProofFor(chap));
        Assert.That(CauseOf(await DecideAsync(chap)), Is.EqualTo(RefusalCause.RadiusNoKeys));
        Require(Negotiation.Yes);
        Assert.That(await DecideAsync(chap), Is.InstanceOf<AccessDecision.Accept>().With.Property("Keys").Null);
    }

    [TestCase("\u0007E=691 R=0 V=3 M=Go away", 691, false, "Go away")]
    [TestCase("E=691 R=1", 691, true, "Access denied")]
    [TestCase("\u0007E=648 R=0 C=00112233445566778899AABBCCDDEEFF V=3 M=Too old", 648, true, "Too old")]
    [TestCase("\u0007E=647 R=0 V=3", 647, false, "Access denied")]
    [TestCase("\u0007E=99999999999 R=1", 691, true, "Access denied")]
    [TestCase("\u0007E=12 R=1", 691, true, "Access denied")]
    [TestCase("\u0007", 691, true, "Access denied")]
    public async Task A_refusal_is_passed_on_with_its_codes_and_words(string error, int code, bool mayRetry, string words)
    {
        _port.Outcome = _ => RadiusReplies.Reject(RadiusValue.Of(RadiusAttributes.MsChapError, Encoding.UTF8.GetBytes(error)));
        var reject = (AccessDecision.Reject)await DecideAsync(Login.By(AuthenticationMethod.MsChapV2, "alice", Password));
        Assert.That(
            (reject.Cause, reject.ErrorCode, reject.MayRetry, reject.Message),
            Is.EqualTo((RefusalCause.RadiusRejected, code, mayRetry, words)));
    }

    [Test]
    public async Task Only_EAP_goes_on_after_a_challenge_and_at_the_same_server()
    {
        _port.Outcome = _ => RadiusReplies.Of(
            RadiusCode.AccessChallenge,
            RadiusValue.Of(RadiusAttributes.State, [9, 9]),
            RadiusValue.Of(RadiusAttributes.EapMessage, [1, 1, 0, 6, 4, 0]),
            RadiusValue.Of(RadiusAttributes.ReplyMessage, "Token?"));
        AccessDecision pap = await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        Assert.That($"{pap}", Does.EndWith("than the login method can give: Token?"));

        EapCredentials eap = new("alice", "alice"u8.ToArray(), [.. Enumerable.Repeat((byte)2, 600)]);
        var challenge = (AccessDecision.Challenge)await DecideAsync(eap);
        Assert.That(challenge.EapPacket, Is.EqualTo(new byte[] { 1, 1, 0, 6, 4, 0 }));
        _port.Outcome = null;
        _servers.Update([Row with { Address = IPAddress.Parse("203.0.113.4") }, Row]);
        await DecideAsync(eap, challenge.Continuation);
        Assert.That(_other.Requests, Is.Empty);
        Assert.That(OctetsOf(RadiusAttributes.State), Is.EqualTo(new byte[] { 9, 9 }));
        Assert.That(
            Asked.Where(value => value.Attribute == RadiusAttributes.EapMessage).Select(value => value.Octets.Length),
            Is.EqualTo(new[] { 253, 253, 94 }));
    }

    [Test]
    public async Task Each_way_to_get_no_answer_has_its_cause()
    {
        PeerCredentials pap = Login.By(AuthenticationMethod.Pap, "alice", Password);
        Dictionary<RadiusOutcome, RefusalCause> causes = new()
        {
            [new RadiusOutcome.Silent(null)] = RefusalCause.RadiusSilent,
            [new RadiusOutcome.Silent(BadReply.WrongSecret)] = RefusalCause.RadiusWrongSecret,
            [new RadiusOutcome.Silent(BadReply.NoMessageAuthenticator)] = RefusalCause.RadiusUnsigned,
            [new RadiusOutcome.Failed("Network is unreachable")] = RefusalCause.RadiusSilent,
        };
        foreach ((RadiusOutcome outcome, RefusalCause cause) in causes)
        {
            _port.Outcome = _ => outcome;
            Assert.That(CauseOf(await DecideAsync(pap)), Is.EqualTo(cause), $"{outcome}");
        }
    }

    [Test]
    public async Task A_source_is_locked_out_for_refusals_and_not_for_silence()
    {
        PeerCredentials pap = Login.By(AuthenticationMethod.Pap, "alice", Password);
        int limit = _configuration.PptpServer.LoginFailures;
        _port.Outcome = _ => new RadiusOutcome.Silent(null);
        for (int i = 0; i <= limit; i++)
            Assert.That(CauseOf(await DecideAsync(pap)), Is.EqualTo(RefusalCause.RadiusSilent));
        _port.Outcome = _ => RadiusReplies.Reject();
        for (int i = 0; i < limit; i++)
            Assert.That(CauseOf(await DecideAsync(pap)), Is.EqualTo(RefusalCause.RadiusRejected));
        Assert.That(CauseOf(await DecideAsync(pap)), Is.EqualTo(RefusalCause.LockedOut));
    }

    [Test]
    [EffectOf("ppp-aaa", "radius-fallback")]
    [EffectOf("ppp-aaa", "radius-fallback-time")]
    public async Task Who_was_let_in_by_PAP_gets_in_while_no_server_answers_and_not_for_longer_than_configured()
    {
        Fall(RadiusFallback.Cached);
        _port.Outcome = _ => RadiusReplies.Accept(RadiusValue.Of(RadiusAttributes.SessionTimeout, 77));
        await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        await DecideAsync(Login.By(AuthenticationMethod.ChapMd5, "bob", Password));
        _port.Outcome = _ => new RadiusOutcome.Silent(null);

        _time.Advance(TimeSpan.FromMinutes(59));
        var again = (AccessDecision.Accept)await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        Assert.That(again.Parameters.SessionTimeout, Is.EqualTo(TimeSpan.FromSeconds(77)));
        Assert.That(
            CauseOf(await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", "wrong"))),
            Is.EqualTo(RefusalCause.RadiusNotRemembered));
        AccessDecision chap = await DecideAsync(Login.By(AuthenticationMethod.ChapMd5, "bob", Password));
        Assert.That($"{chap}", Does.EndWith("radius-fallback can check logins by PAP alone"));

        _time.Advance(TimeSpan.FromMinutes(2));
        AccessDecision late = await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        Assert.That($"{late}", Does.EndWith("no login of this user is remembered"));
    }

    [Test]
    public async Task Who_was_refused_since_does_not_get_in_while_no_server_answers()
    {
        Fall(RadiusFallback.Cached);
        await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        _port.Outcome = _ => RadiusReplies.Reject();
        await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", "wrong"));
        _port.Outcome = _ => new RadiusOutcome.Silent(null);
        Assert.That(
            await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password)), Is.InstanceOf<AccessDecision.Accept>(),
            "another's guess is not the user's password");

        _port.Outcome = _ => RadiusReplies.Reject();
        await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password));
        _port.Outcome = _ => new RadiusOutcome.Silent(null);
        Assert.That(
            CauseOf(await DecideAsync(Login.By(AuthenticationMethod.Pap, "alice", Password))),
            Is.EqualTo(RefusalCause.RadiusSilent));
    }

    private static RadiusValue ProofFor(MsChapV2Credentials chap) => RadiusValue.Of(
        RadiusAttributes.MsChap2Success, (byte[])[chap.Identifier, .. "S="u8, .. Enumerable.Repeat((byte)'A', 40)]);

    private static RadiusValue[] Keys() =>
    [
        RadiusValue.Of(RadiusAttributes.MsMppeSendKey, [.. Enumerable.Repeat((byte)1, 16)]),
        RadiusValue.Of(RadiusAttributes.MsMppeReceiveKey, [.. Enumerable.Repeat((byte)2, 16)]),
    ];

    private static RefusalCause CauseOf(AccessDecision decision)
    {
        Assert.That(decision, Is.InstanceOf<AccessDecision.Reject>());
        return ((AccessDecision.Reject)decision).Cause;
    }

    private IReadOnlyList<RadiusValue> Asked => _port.Requests[^1].Values;

    private byte[] OctetsOf(RadiusAttribute attribute) =>
        Asked.Single(value => value.Attribute == attribute).Octets.ToArray();

    private void Require(Negotiation encryption) => _configuration = _configuration with
    {
        PptpServer = new PptpServerSettings { DefaultProfile = "theirs" },
        Profiles = [new PppProfile { Name = "theirs", UseEncryption = encryption }],
    };

    private void Fall(RadiusFallback fallback) => _configuration = _configuration with
    {
        PppAaa = new PppAaaSettings
        {
            UseRadius = true,
            RadiusFallback = fallback,
            RadiusFallbackTime = TimeSpan.FromHours(1),
        },
    };

    private async Task<AccessDecision> DecideAsync(PeerCredentials credentials, AccessContinuation? continuation = null) =>
        await _access.DecideAsync(
            new AccessRequest(credentials, Client, Called)
            {
                Session = new SessionIdentity("81000001", 17),
                Continuation = continuation,
            },
            CancellationToken.None);
}

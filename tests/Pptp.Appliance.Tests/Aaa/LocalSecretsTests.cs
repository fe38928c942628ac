using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>All methods against a secret that has its password, and one that has its NT hash.</summary>
public sealed class LocalSecretsTests
{
    private const string Password = "Grüße 42";

    private static readonly AuthenticationMethod[] Methods = Login.Methods;

    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Server = IPAddress.Parse("192.0.2.1");

    [TestCaseSource(nameof(Methods))]
    public async Task The_right_password_lets_in_by_every_method(AuthenticationMethod method)
    {
        AccessDecision decision = await Decide(Login.By(method, "alice", Password));

        AccessDecision.Accept accept = Accepted(decision);
        Assert.That(accept.Parameters.User, Is.EqualTo("alice"));
        Assert.That(
            accept.Keys is not null,
            Is.EqualTo(method is AuthenticationMethod.MsChapV2 or AuthenticationMethod.MsChapV1));
    }

    [TestCaseSource(nameof(Methods))]
    public async Task A_wrong_password_and_an_unknown_user_are_told_apart_by_the_log_alone(AuthenticationMethod method)
    {
        RefusalCause wrong = Refused(await Decide(Login.By(method, "alice", "guess")));
        RefusalCause unknown = Refused(await Decide(Login.By(method, "mallory", "guess")));

        Assert.That(wrong, Is.EqualTo(RefusalCause.WrongPassword));
        Assert.That(unknown, Is.EqualTo(RefusalCause.UnknownUser));
        Assert.That(unknown with { Text = wrong.Text }, Is.EqualTo(wrong));
    }

    // EAP shows nothing that a local secret could be held against.
    [Test]
    public async Task EAP_is_refused_for_a_local_user_alone_with_its_own_cause()
    {
        byte[] packet = [2, 1, 0, 10, 1, .. "alice"u8];

        RefusalCause local = Refused(await Decide(new EapCredentials("alice", [.. "alice"u8], packet)));
        RefusalCause unknown = Refused(await Decide(new EapCredentials("mallory", [.. "mallory"u8], packet)));

        Assert.That(local, Is.EqualTo(RefusalCause.EapOfLocalUser));
        Assert.That(unknown, Is.EqualTo(RefusalCause.UnknownUser));
    }

    [Test]
    public async Task An_NT_hash_does_for_PAP_and_both_MS_CHAPs(
        [Values(AuthenticationMethod.MsChapV2, AuthenticationMethod.MsChapV1, AuthenticationMethod.Pap)]
        AuthenticationMethod method)
    {
        Accepted(await Decide(Login.By(method, "hashed", Password)));
        Assert.That(
            Refused(await Decide(Login.By(method, "hashed", "guess"))), Is.EqualTo(RefusalCause.WrongPassword));
    }

    [Test]
    public async Task An_NT_hash_does_not_do_for_CHAP_MD5_and_the_cause_says_so()
    {
        RefusalCause cause = Refused(await Decide(Login.By(AuthenticationMethod.ChapMd5, "hashed", Password)));

        Assert.That(cause, Is.EqualTo(RefusalCause.PasswordNotKnown));
        Assert.That(cause with { Text = "wrong password" }, Is.EqualTo(RefusalCause.WrongPassword));
    }

    [TestCase("alice", "Pass 42", true)]
    [TestCase("hashed", "Pass 42", false)]
    public async Task MS_CHAPv1_gives_weak_keys_where_the_password_itself_is_known(
        string user, string password, bool expected)
    {
        AccessDecision decision = await Decide(
            Login.By(AuthenticationMethod.MsChapV1, user, password, out AuthenticationPeer peer), password);

        MppeStartKeys keys = Accepted(decision).Keys!;
        using MppeStartKeys theirs = ((MsChapV1Peer)peer).DeriveKeys();
        Assert.That(keys.Supports(MppeStrength.Bits40), Is.EqualTo(expected));
        Assert.That(keys.SendFor(MppeStrength.Bits128).ToArray(),
            Is.EqualTo(theirs.ReceiveFor(MppeStrength.Bits128).ToArray()));
        if (expected)
        {
            Assert.That(keys.SendFor(MppeStrength.Bits40).ToArray(),
                Is.EqualTo(theirs.ReceiveFor(MppeStrength.Bits40).ToArray()));
        }
    }

    [Test]
    public async Task The_keys_and_the_proof_of_MS_CHAPv2_are_those_of_the_peer()
    {
        PeerCredentials credentials = Login.By(AuthenticationMethod.MsChapV2, "alice", Password, out var peer);
        AccessDecision.Accept accept = Accepted(await Decide(credentials));

        using MppeStartKeys theirs = ((MsChapV2Peer)peer).DeriveKeys();
        Assert.That(accept.Keys!.Receive.ToArray(), Is.EqualTo(theirs.Send.ToArray()));
        Assert.That(accept.Keys.Send.ToArray(), Is.EqualTo(theirs.Receive.ToArray()));
        Assert.That(accept.SuccessMessage, Does.Match("^S=[0-9A-F]{40}$"));
    }

    [Test]
    public async Task Only_who_knows_the_password_learns_that_the_secret_is_disabled()
    {
        Assert.That(
            Refused(await Decide(Login.By(AuthenticationMethod.MsChapV2, "off", Password))).ErrorCode, Is.EqualTo(647));
        Assert.That(
            Refused(await Decide(Login.By(AuthenticationMethod.MsChapV2, "off", "guess"))),
            Is.EqualTo(RefusalCause.WrongPassword));
    }

    [Test]
    public async Task A_response_of_the_LAN_manager_alone_is_refused_and_the_cause_says_so()
    {
        var credentials = (MsChapV1Credentials)Login.By(AuthenticationMethod.MsChapV1, "alice", Password);

        RefusalCause cause = Refused(await Decide(credentials with { IsLanManagerOnly = true }));

        Assert.That(cause, Is.EqualTo(RefusalCause.LanManagerOnly));
    }

    private static ValueTask<AccessDecision> Decide(PeerCredentials credentials, string password = Password)
    {
        byte[] hash = new byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        SecretValue text = SecretValue.FromPassword(password);
        PptpConfiguration configuration = new()
        {
            Secrets =
            [
                new PppSecret { Name = "alice", Password = text },
                new PppSecret { Name = "hashed", Password = SecretValue.FromNtHash(hash) },
                new PppSecret { Name = "off", Password = text, Disabled = true },
            ],
        };
        LoginGuard guard = new(new MonotonicClock(TimeProvider.System));
        return new LocalSecrets(() => configuration, ReadOnlySecrets.Instance, guard)
            .DecideAsync(new AccessRequest(credentials, Client, Server), CancellationToken.None);
    }

    private static AccessDecision.Accept Accepted(AccessDecision decision)
    {
        Assert.That(decision, Is.InstanceOf<AccessDecision.Accept>());
        return (AccessDecision.Accept)decision;
    }

    private static RefusalCause Refused(AccessDecision decision)
    {
        Assert.That(decision, Is.InstanceOf<AccessDecision.Reject>());
        return ((AccessDecision.Reject)decision).Cause;
    }
}

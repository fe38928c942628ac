using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Testing;
using Pptp.Testing.Calling;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>A secret whose password has expired, and clients that choose another.</summary>
public sealed class PasswordChangeTests : ISecretStore
{
    private const string Old = "old one";
    private const string New = "ein neues Paßwort";

    private readonly List<(PppSecret Secret, SecretValue Password)> _saved = [];
    private SecretChange _result = new SecretChange.Saved();

    ValueTask<SecretChange> ISecretStore.ChangePasswordAsync(
        PppSecret secret, SecretValue password, CancellationToken cancellation)
    {
        _saved.Add((secret, password));
        return new(_result);
    }

    [Test]
    public async Task Only_MS_CHAPv2_can_change_an_expired_password()
    {
        SecretValue old = SecretValue.FromPassword(Old);
        Assert.That(
            Cause(await Decide(old, Login.By(AuthenticationMethod.MsChapV2, "alice", Old))),
            Is.EqualTo(RefusalCause.PasswordExpired));
        foreach (AuthenticationMethod method in
            (AuthenticationMethod[])[AuthenticationMethod.MsChapV1, AuthenticationMethod.ChapMd5, AuthenticationMethod.Pap])
        {
            Assert.That(
                Cause(await Decide(old, Login.By(method, "alice", Old))),
                Is.EqualTo(RefusalCause.PasswordExpiredForGood));
        }
        Assert.That(
            Cause(await Decide(old, Login.By(AuthenticationMethod.MsChapV2, "alice", "guess"))),
            Is.EqualTo(RefusalCause.WrongPassword), "who does not know the password does not learn that it expired");
    }

    [Test]
    [EffectOf("ppp-secret", "password-expired")]
    public async Task A_new_password_is_saved_and_the_session_has_its_keys()
    {
        MsChapV2PasswordChange change = Change(New, out PasswordChange caller);

        var accept = (AccessDecision.Accept)await Decide(SecretValue.FromPassword(Old), change);

        Assert.That(_saved.Single().Password, Is.EqualTo(SecretValue.FromPassword(New)));
        Assert.That(_saved[0].Secret.Name, Is.EqualTo("alice"));
        Assert.That(accept.PasswordChanged, Is.True);
        Assert.That(caller.IsProvenBy(System.Text.Encoding.ASCII.GetBytes(accept.SuccessMessage!)), Is.True);
        using MppeStartKeys theirs = caller.DeriveKeys();
        Assert.That(accept.Keys!.Receive.ToArray(), Is.EqualTo(theirs.Send.ToArray()));
    }

    [Test]
    public async Task A_secret_kept_as_a_hash_gets_a_new_hash()
    {
        await Decide(SecretValue.FromNtHash(HashOf(Old)), Change(New, out _));

        Assert.That(_saved.Single().Password, Is.EqualTo(SecretValue.FromNtHash(HashOf(New))));
    }

    [Test]
    public async Task A_change_by_who_does_not_know_the_old_password_is_a_wrong_password()
    {
        AccessDecision decision = await Decide(SecretValue.FromPassword("another"), Change(New, out _));

        Assert.That(Cause(decision), Is.EqualTo(RefusalCause.WrongPassword));
        Assert.That(_saved, Is.Empty);
    }

    [TestCase("", "empty")]
    [TestCase("half a pair", "well-formed")]
    [TestCase(Old, "old one")]
    public async Task A_password_that_cannot_be_one_is_E_709(string password, string why)
    {
        // An attribute could not hold it.
        password = password.Replace("half a pair", "\uD800", StringComparison.Ordinal);
        AccessDecision decision = await Decide(SecretValue.FromPassword(Old), Change(password, out _));

        Assert.That(Cause(decision).ErrorCode, Is.EqualTo(709));
        Assert.That(decision.ToString(), Does.Contain(why));
        Assert.That(_saved, Is.Empty);
    }

    [Test]
    public async Task A_secret_in_a_file_of_its_own_is_not_rewritten()
    {
        AccessDecision decision = await Decide(SecretValue.FromFile("/run/secrets/alice", Old), Change(New, out _));

        Assert.That(Cause(decision), Is.EqualTo(RefusalCause.PasswordNotChanged));
        Assert.That(_saved, Is.Empty);
    }

    [Test]
    public async Task What_cannot_be_saved_is_E_709_and_the_log_says_why()
    {
        _result = new SecretChange.CannotBeSaved("the disk is full");

        AccessDecision decision = await Decide(SecretValue.FromPassword(Old), Change(New, out _));

        Assert.That(Cause(decision).ErrorCode, Is.EqualTo(709));
        Assert.That(decision.ToString(), Is.EqualTo("password could not be changed: the disk is full"));
    }

    private static MsChapV2PasswordChange Change(string password, out PasswordChange caller)
    {
        MsChapV2Authenticator authenticator = new("pptpd", SystemRandomSource.Instance);
        MsChapV2Peer peer = MsChapV2Peer.FromPassword("alice", Old, SystemRandomSource.Instance);
        authenticator.Start(TimeSpan.Zero);
        peer.Receive(Take<AuthenticationEvent.Send>(authenticator).Packet);
        peer.TryTake(out AuthenticationEvent? response);
        authenticator.Receive(((AuthenticationEvent.Send)response!).Packet, TimeSpan.Zero);
        Take<AuthenticationEvent.CredentialsReceived>(authenticator);
        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: true, 648), TimeSpan.Zero);
        byte[] failure = Take<AuthenticationEvent.Send>(authenticator).Packet;
        string text = System.Text.Encoding.ASCII.GetString(failure[4..]);
        byte[] challenge = Convert.FromHexString(text.AsSpan(text.IndexOf("C=", StringComparison.Ordinal) + 2, 32));
        caller = new PasswordChange("alice", Old, password, challenge, (byte)(failure[1] + 1));
        authenticator.Receive(caller.Packet, TimeSpan.Zero);
        return (MsChapV2PasswordChange)Take<AuthenticationEvent.CredentialsReceived>(authenticator).Credentials;
    }

    private static T Take<T>(MsChapV2Authenticator authenticator)
        where T : AuthenticationEvent
    {
        Assert.That(authenticator.TryTake(out AuthenticationEvent? happened), Is.True);
        return (T)happened!;
    }

    private static byte[] HashOf(string password)
    {
        byte[] hash = new byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        return hash;
    }

    private static RefusalCause Cause(AccessDecision decision) => ((AccessDecision.Reject)decision).Cause;

    private async Task<AccessDecision> Decide(SecretValue password, PeerCredentials credentials)
    {
        PppSecret secret = new() { Name = "alice", Password = password, PasswordExpired = true };
        PptpConfiguration configuration = new() { Secrets = [secret] };
        LocalSecrets secrets = new(() => configuration, this, new LoginGuard(new MonotonicClock(TimeProvider.System)));
        IPAddress client = IPAddress.Parse("192.0.2.7");
        return await secrets.DecideAsync(
            new AccessRequest(credentials, client, IPAddress.Parse("192.0.2.1")), CancellationToken.None);
    }
}

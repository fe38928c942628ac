using System.Security.Cryptography;
using Pptp.Model;
using Pptp.Protocol.Authentication;

namespace Pptp.Appliance.Aaa;

/// <summary>Lets in whom <c>/ppp secret</c> knows.</summary>
/// <param name="store">Keeps the passwords that clients change.</param>
/// <param name="isProven">
/// Null: <see cref="KnownPassword.IsProvenBy"/>. Asked once for each login, whoever it names.
/// </param>
internal sealed class LocalSecrets(
    Func<PptpConfiguration> configuration, ISecretStore store, LoginGuard guard,
    Func<KnownPassword, PeerCredentials, bool>? isProven = null) : IAccessService
{
    /// <summary>Stands in for the password of a user who does not exist, so that he is not told apart by time.</summary>
    private static readonly SecretValue Nobody =
        SecretValue.FromPassword(Convert.ToHexString(RandomNumberGenerator.GetBytes(6)));

    private readonly Func<KnownPassword, PeerCredentials, bool> _isProven =
        isProven ?? ((known, credentials) => known.IsProvenBy(credentials));

    public async ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellation)
    {
        PptpConfiguration snapshot = configuration();
        PeerCredentials credentials = request.Credentials;
        bool isUsable = LoginName.IsUsable(credentials.RawUserName);
        PppSecret? secret = isUsable ? Find(snapshot, credentials.UserName) : null;
        // All names that are none are one to the guard.
        string user = secret?.Name ?? (isUsable ? LoginName.WithoutDomain(credentials.UserName) : "");
        if (!guard.TryBegin(user, request.CallerId, snapshot.PptpServer.LoginFailures))
            return new AccessDecision.Reject(RefusalCause.LockedOut);

        AccessDecision decision = Check(snapshot, secret, request);
        if (!isUsable)
            decision = new AccessDecision.Reject(RefusalCause.BadUserName);
        if (decision is AccessDecision.Accept or AccessDecision.Reject { AdmitsPassword: true })
            guard.Forgive(user, request.CallerId);
        if (decision is AccessDecision.Accept accept && credentials is MsChapV2PasswordChange change)
            return await ChangeAsync(secret!, change, accept, cancellation).ConfigureAwait(false);
        return decision;
    }

    private AccessDecision Check(PptpConfiguration snapshot, PppSecret? secret, AccessRequest request)
    {
        PeerCredentials credentials = request.Credentials;
        using KnownPassword known = new(secret?.Password ?? Nobody);
        bool proven = _isProven(known, credentials);
        if (secret?.Password is null)
            return new AccessDecision.Reject(RefusalCause.UnknownUser);
        if (!proven)
            return new AccessDecision.Reject(WhyNotProven(credentials, known));
        if (secret.CallerId is { } callerId && !CallerId.Allows(callerId, request.CallerId))
            return new AccessDecision.Reject(RefusalCause.CallerId);
        if (secret.Disabled)
            return new AccessDecision.Reject(RefusalCause.Disabled);
        if (secret.PasswordExpired && credentials is not MsChapV2PasswordChange)
        {
            return new AccessDecision.Reject(
                credentials is MsChapV2Credentials
                    ? RefusalCause.PasswordExpired
                    : RefusalCause.PasswordExpiredForGood);
        }
        return new AccessDecision.Accept(
            SessionParameters.Resolve(snapshot, secret), known.AnswerTo(credentials), known.KeysOf(credentials));
    }

    private async ValueTask<AccessDecision> ChangeAsync(
        PppSecret secret, MsChapV2PasswordChange change, AccessDecision.Accept accept, CancellationToken cancellation)
    {
        string password;
        using (KnownPassword old = new(secret.Password!))
            password = change.ReadNewPassword(old.NtHash)!;
        (SecretValue? replacement, string? problem) = Replace(secret.Password!, password);
        if (replacement is null)
            return new AccessDecision.Reject(RefusalCause.PasswordNotChanged, problem);
        SecretChange result =
            await store.ChangePasswordAsync(secret, replacement, cancellation).ConfigureAwait(false);
        if (result is SecretChange.CannotBeSaved failure)
            return new AccessDecision.Reject(RefusalCause.PasswordNotChanged, failure.Reason);
        using KnownPassword known = new(replacement);
        return accept with
        {
            SuccessMessage = known.AnswerTo(change.Login),
            Keys = known.KeysOf(change.Login),
            PasswordChanged = true,
        };
    }

    /// <summary>What the secret is to be, kept as the old one was; or why it cannot be.</summary>
    private static (SecretValue? Replacement, string? Problem) Replace(SecretValue old, string password)
    {
        using KnownPassword before = new(old);
        using KnownPassword after = new(SecretValue.FromPassword(password));
        if (old.Kind == SecretKind.File)
            return (null, "the secret names a file that holds its password");
        if (password.Length == 0)
            return (null, "the new password is empty");
        if (SecretValue.WhyUnusable(password) is { } problem)
            return (null, $"the new password {problem}");
        if (after.NtHash.SequenceEqual(before.NtHash))
            return (null, "the new password is the old one");
        return (old.Kind == SecretKind.NtHash
            ? SecretValue.FromNtHash(after.NtHash)
            : SecretValue.FromPassword(password), null);
    }

    private static RefusalCause WhyNotProven(PeerCredentials credentials, KnownPassword known) => credentials switch
    {
        ChapMd5Credentials when !known.HasText => RefusalCause.PasswordNotKnown,
        MsChapV1Credentials { IsLanManagerOnly: true } => RefusalCause.LanManagerOnly,
        EapCredentials => RefusalCause.EapOfLocalUser,
        _ => RefusalCause.WrongPassword,
    };

    /// <summary>Who is not known by the name as sent is known by what follows the domain.</summary>
    public static PppSecret? Find(PptpConfiguration snapshot, string name) =>
        snapshot.FindSecret(name, PppService.Pptp)
        ?? snapshot.FindSecret(LoginName.WithoutDomain(name), PppService.Pptp);
}

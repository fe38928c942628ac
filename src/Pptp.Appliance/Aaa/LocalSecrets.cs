using System.Security.Cryptography;
using Pptp.Model;
using Pptp.Protocol.Authentication;

namespace Pptp.Appliance.Aaa;

/// <summary>Lets in whom <c>/ppp secret</c> knows.</summary>
internal sealed class LocalSecrets(Func<PptpConfiguration> configuration) : IAccessService
{
    /// <summary>Stands in for the password of a user who does not exist, so that he is not told apart by time.</summary>
    private static readonly SecretValue Nobody =
        SecretValue.FromPassword(Convert.ToHexString(RandomNumberGenerator.GetBytes(6)));

    public ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellation) =>
        new(Decide(configuration(), request.Credentials));

    private static AccessDecision Decide(PptpConfiguration snapshot, PeerCredentials credentials)
    {
        PppSecret? secret = Find(snapshot, credentials.UserName);
        using KnownPassword known = new(secret?.Password ?? Nobody);
        bool proven = known.IsProvenBy(credentials);
        if (secret?.Password is null)
            return new AccessDecision.Reject(RefusalCause.UnknownUser);
        if (!proven)
            return new AccessDecision.Reject(WhyNotProven(credentials, known));
        if (secret.Disabled)
            return new AccessDecision.Reject(RefusalCause.Disabled);
        return new AccessDecision.Accept(
            SessionParameters.Resolve(snapshot, secret), known.AnswerTo(credentials), known.KeysOf(credentials));
    }

    private static RefusalCause WhyNotProven(PeerCredentials credentials, KnownPassword known) => credentials switch
    {
        ChapMd5Credentials when !known.HasText => RefusalCause.PasswordNotKnown,
        MsChapV1Credentials { IsLanManagerOnly: true } => RefusalCause.LanManagerOnly,
        _ => RefusalCause.WrongPassword,
    };

    /// <summary>
    /// Windows may send <c>DOMAIN\user</c>: who is not known by that is known by what follows the last backslash.
    /// </summary>
    private static PppSecret? Find(PptpConfiguration snapshot, string name) =>
        snapshot.FindSecret(name, PppService.Pptp)
        ?? (name.LastIndexOf('\\') is >= 0 and int at ? snapshot.FindSecret(name[(at + 1)..], PppService.Pptp) : null);
}

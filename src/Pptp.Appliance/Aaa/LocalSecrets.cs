using System.Security.Cryptography;
using Pptp.Model;
using Pptp.Protocol.Authentication;

namespace Pptp.Appliance.Aaa;

/// <summary>Lets in whom <c>/ppp secret</c> knows.</summary>
internal sealed class LocalSecrets(Func<PptpConfiguration> configuration) : IAccessService
{
    /// <summary>Stands in for the hash of a user who does not exist, so that he is not told apart by time.</summary>
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(MsChapV2.PasswordHashLength);

    public ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellation) =>
        new(Decide(configuration(), request.Credentials));

    private AccessDecision Decide(PptpConfiguration snapshot, PeerCredentials credentials)
    {
        if (credentials is not MsChapV2Credentials chap)
            return new AccessDecision.Reject("authentication method not supported");

        PppSecret? secret = Find(snapshot, credentials.UserName);
        Span<byte> hash = stackalloc byte[MsChapV2.PasswordHashLength];
        if (secret?.Password is { } password)
            NtHashOf(password, hash);
        else
            _nobody.CopyTo(hash);
        try
        {
            bool proven = chap.Verify(hash);
            if (secret?.Password is null)
                return new AccessDecision.Reject("unknown user");
            if (!proven)
                return new AccessDecision.Reject("wrong password");
            if (secret.Disabled)
                return new AccessDecision.Reject("secret is disabled");
            return new AccessDecision.Accept(
                SessionParameters.Resolve(snapshot, secret),
                chap.AuthenticatorResponse(hash),
                chap.DeriveKeys(hash, isServer: true));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(hash);
        }
    }

    /// <summary>Windows may send <c>DOMAIN\user</c>: who is not known by that is known by what follows the last backslash.</summary>
    private static PppSecret? Find(PptpConfiguration snapshot, string name) =>
        snapshot.FindSecret(name, PppService.Pptp)
        ?? (name.LastIndexOf('\\') is >= 0 and int at ? snapshot.FindSecret(name[(at + 1)..], PppService.Pptp) : null);

    private static void NtHashOf(SecretValue secret, Span<byte> hash)
    {
        if (secret.Password is { } password)
            MsChapV2.NtPasswordHash(password, hash);
        else
            secret.NtHash.Span.CopyTo(hash);
    }
}

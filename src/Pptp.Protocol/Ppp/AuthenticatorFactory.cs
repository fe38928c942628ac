using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Ppp;

/// <summary>Picks the authenticator for the method that LCP agreed on.</summary>
internal static class AuthenticatorFactory
{
    public static bool CanCreate(AuthenticationMethod method, PppLinkOptions options) =>
        options.CreateAuthenticator is not null
        || (Enum.IsDefined(method) && (method != AuthenticationMethod.Eap || options.Login is null));

    /// <param name="method">What LCP agreed on.</param>
    /// <param name="options">Of the link.</param>
    /// <param name="peerMru">The longest information field the peer takes, in octets.</param>
    /// <param name="random">For challenges and identifiers.</param>
    public static Authenticator Create(
        AuthenticationMethod method, PppLinkOptions options, int peerMru, IRandomSource random) =>
        options.CreateAuthenticator is { } create
            ? create(method, random)
            : method switch
            {
                AuthenticationMethod.Eap => new EapAuthenticator(peerMru, random, options.ChapTimers),
                AuthenticationMethod.MsChapV2 =>
                    new MsChapV2Authenticator(options.ServerName, random, options.ChapTimers),
                AuthenticationMethod.MsChapV1 =>
                    new MsChapV1Authenticator(options.ServerName, random, options.ChapTimers),
                AuthenticationMethod.ChapMd5 =>
                    new ChapMd5Authenticator(options.ServerName, random, options.ChapTimers),
                AuthenticationMethod.Pap => new PapAuthenticator(random, options.ChapTimers),
                _ => throw new ArgumentOutOfRangeException(nameof(method)),
            };
}

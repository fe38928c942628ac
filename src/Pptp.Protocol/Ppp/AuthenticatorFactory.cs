using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Ppp;

/// <summary>Picks the authenticator for the method that LCP agreed on.</summary>
internal static class AuthenticatorFactory
{
    public static bool CanCreate(AuthenticationMethod method, PppLinkOptions options) =>
        options.CreateAuthenticator is not null || method == AuthenticationMethod.MsChapV2;

    public static Authenticator Create(AuthenticationMethod method, PppLinkOptions options, IRandomSource random) =>
        options.CreateAuthenticator is { } create
            ? create(method, random)
            : new MsChapV2Authenticator(options.ServerName, random, options.ChapTimers);
}

using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Ppp;

/// <summary>Picks the authenticator for the method that LCP agreed on.</summary>
internal static class AuthenticatorFactory
{
    public static bool CanCreate(AuthenticationMethod method, PppLinkOptions options) =>
        options.CreateAuthenticator is not null || Enum.IsDefined(method);

    public static Authenticator Create(AuthenticationMethod method, PppLinkOptions options, IRandomSource random) =>
        options.CreateAuthenticator is { } create
            ? create(method, random)
            : method switch
            {
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

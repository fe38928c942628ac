using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Aaa;

/// <summary>The <c>authentication</c> of the server as the link wants it.</summary>
internal static class LoginMethods
{
    /// <summary>What is configured and nothing else, strongest first.</summary>
    public static IReadOnlyList<AuthenticationMethod> Of(AuthenticationMethods configured)
    {
        List<AuthenticationMethod> methods = [];
        Add(AuthenticationMethods.Eap, AuthenticationMethod.Eap);
        Add(AuthenticationMethods.MsChap2, AuthenticationMethod.MsChapV2);
        Add(AuthenticationMethods.MsChap1, AuthenticationMethod.MsChapV1);
        Add(AuthenticationMethods.Chap, AuthenticationMethod.ChapMd5);
        Add(AuthenticationMethods.Pap, AuthenticationMethod.Pap);
        return methods;

        void Add(AuthenticationMethods flag, AuthenticationMethod method)
        {
            if (configured.HasFlag(flag))
                methods.Add(method);
        }
    }

    /// <summary>The word of <c>authentication</c> for a method.</summary>
    public static string Word(AuthenticationMethod method) => method switch
    {
        AuthenticationMethod.Eap => "eap",
        AuthenticationMethod.MsChapV2 => "mschap2",
        AuthenticationMethod.MsChapV1 => "mschap1",
        AuthenticationMethod.ChapMd5 => "chap",
        _ => "pap",
    };
}

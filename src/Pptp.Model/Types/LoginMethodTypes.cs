namespace Pptp.Model.Types;

/// <summary>Login methods, in the order of RouterOS: those a client has, and those a server has.</summary>
internal static class LoginMethodTypes
{
    private static readonly (string Word, AuthenticationMethods Value)[] Words =
    [
        ("pap", AuthenticationMethods.Pap),
        ("chap", AuthenticationMethods.Chap),
        ("mschap1", AuthenticationMethods.MsChap1),
        ("mschap2", AuthenticationMethods.MsChap2),
    ];

    internal static WordSetType<AuthenticationMethods> Client { get; } =
        new((all, one) => all | one, atLeastOne: true, Words);

    internal static WordSetType<AuthenticationMethods> Server { get; } =
        new((all, one) => all | one, atLeastOne: true, [.. Words, ("eap", AuthenticationMethods.Eap)]);
}

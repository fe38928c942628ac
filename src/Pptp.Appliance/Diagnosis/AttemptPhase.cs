namespace Pptp.Appliance.Diagnosis;

/// <summary>How far somebody has got who wants in; in the order in which it goes.</summary>
internal enum AttemptPhase
{
    Connection,
    Control,
    Call,
    Gre,
    Lcp,
    Authentication,
    Login,
    Encryption,
    Ip,
    Interface,
    Session,
    End,
}

internal static class AttemptPhaseWords
{
    public static string Word(this AttemptPhase phase) => phase switch
    {
        AttemptPhase.Connection => "TCP connection",
        AttemptPhase.Control => "control connection",
        AttemptPhase.Call => "call",
        AttemptPhase.Gre => "GRE",
        AttemptPhase.Lcp => "LCP",
        AttemptPhase.Authentication => "authentication",
        AttemptPhase.Login => "login",
        AttemptPhase.Encryption => "encryption",
        AttemptPhase.Ip => "IP",
        AttemptPhase.Interface => "interface",
        AttemptPhase.Session => "session",
        _ => "end",
    };
}

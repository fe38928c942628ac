namespace Pptp.Appliance.Diagnosis;

/// <content>Those of RADIUS.</content>
internal static partial class AttemptCauses
{
    public static AttemptCause RadiusSilent { get; } = new(
        "radius-silent",
        "no RADIUS server answers",
        "see that the server runs, that its address and authentication-port in [[radius]] are right, that it knows "
        + "this host as a client, and that a firewall lets UDP pass; it may also know this host by another secret, and "
        + "say nothing");

    public static AttemptCause RadiusWrongSecret { get; } = new(
        "radius-secret",
        "the RADIUS server's answers are signed with another secret",
        "give [[radius]] the secret that the server has for this host; nobody else may answer in its place");

    public static AttemptCause RadiusUnsigned { get; } = new(
        "radius-message-authenticator",
        "the RADIUS server's answers have no Message-Authenticator",
        "FreeRADIUS up to 3.2.1 needs three lines to send it, which are in pptpd manual under require-message-auth; "
        + "update other servers; require-message-auth = \"no\" believes what can be forged");

    public static AttemptCause RadiusRejected { get; } = new(
        "radius-rejected",
        "the RADIUS server refuses the user",
        "the server's own log says why: the password, or what it checks besides");

    public static AttemptCause RadiusChallenge { get; } = new(
        "radius-challenge",
        "the RADIUS server asks for more than the login method can give",
        "have the server ask for no second factor in a dialogue, or let the client use EAP");

    public static AttemptCause RadiusNoProof { get; } = new(
        "radius-no-proof",
        "the RADIUS server accepts without the proof that MS-CHAPv2 needs",
        "have the server send MS-CHAP2-Success (in FreeRADIUS the module mschap does), not accept by itself");

    public static AttemptCause RadiusNoKeys { get; } = new(
        "radius-no-keys",
        "the RADIUS server gives no keys, and encryption is required",
        "have the server send the keys of MPPE (in FreeRADIUS use_mppe = yes in the module mschap), or set "
        + "use-encryption = \"yes\" in the profile");

    public static AttemptCause PortLimit { get; } = new(
        "port-limit",
        "the user has as many sessions as the RADIUS server allows him",
        "end another session (pptpd disconnect), or raise Port-Limit at the server");
}

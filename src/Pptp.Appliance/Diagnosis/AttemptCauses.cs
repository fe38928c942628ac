namespace Pptp.Appliance.Diagnosis;

/// <summary>Every cause that is told apart.</summary>
internal static partial class AttemptCauses
{
    public static AttemptCause ConnectionLimit { get; } = new(
        "connection-limit",
        "too many connections from there",
        "the client came too often in a short time; raise connection-limit or connection-limit-network in "
        + "[pptp-server], or find out what makes it dial again and again");

    public static AttemptCause NotIpv4 { get; } = new(
        "not-ipv4",
        "the client called over IPv6",
        "tunnels run over IPv4 only: have the client call an IPv4 address of this server");

    public static AttemptCause NoCall { get; } = new(
        "no-call",
        "the control connection came up and the client placed no call",
        "this is what a port scanner does, or a device on the way that answers for one side: look what else"
        + " comes from this address");

    public static AttemptCause TooManySessions { get; } = new(
        "too-many-sessions",
        "there are as many sessions as there may be",
        "raise max-sessions in [pptp-server], or end some: pptpd status, pptpd disconnect");

    public static AttemptCause TooManyStarting { get; } = new(
        "too-many-starting",
        "too many calls are logging in at the same time",
        "the client will get in when it tries again; if this goes on, raise max-starting in [pptp-server] "
        + "(one address may have a quarter of it)");

    public static AttemptCause ServerStopping { get; } = new(
        "server-stopping",
        "the server ends",
        "dial again when it runs again")
    {
        IsFailure = false,
    };

    public static AttemptCause NoGre { get; } = new(
        "no-gre",
        "the control connection is up, but no GRE comes from the client",
        "TCP port 1723 gets through and IP protocol 47 (GRE) does not: let it pass in every firewall "
        + "between here and the client (here: nft insert rule inet filter input ip protocol gre accept), and "
        + "behind a NAT load its helper for PPTP (Linux: nf_nat_pptp; routers call it VPN or PPTP "
        + "passthrough)");

    public static AttemptCause GreFromElsewhere { get; } = new(
        "gre-from-another-address",
        "the client's GRE comes from another address than its control connection",
        "a NAT on the client's side has several addresses and takes another for GRE: have it keep one "
        + "address per client (on Linux: snat with persistent, or one address alone)");

    public static AttemptCause CallIdMismatch { get; } = new(
        "call-id-mismatch",
        "the client's GRE carries another call id than the call was given",
        "a NAT on the way rewrites call ids and forgets how: turn off its helper for PPTP or update it; two"
        + " clients behind one NAT without a helper do this as well");

    public static AttemptCause OneWayGre { get; } = new(
        "gre-one-way",
        "the client's GRE comes, and ours does not reach it",
        "the client asks again and again and hears none of our answers: let IP protocol 47 pass outwards "
        + "here and inwards at the client, and load the helper for PPTP of the NAT before it");

    public static AttemptCause LcpFailed { get; } = new(
        "lcp-failed",
        "the two ends did not agree on a link",
        "look at the timeline for what the client insists on");

    public static AttemptCause MethodRefused { get; } = new(
        "authentication-refused",
        "the client does none of the login methods that are allowed",
        "allow one that both do: authentication in [pptp-server] here, or MS-CHAP v2 at the client");

    public static AttemptCause CredentialGuard { get; } = new(
        "credential-guard",
        "a Windows client got the MS-CHAPv2 challenge and left without an answer",
        "this is what Windows' Credential Guard does to saved and single sign-on passwords (on by default "
        + "in Windows 11 22H2 Enterprise and Education and in Server 2025): have the user type the password, "
        + "or use a local account's; a click on Cancel looks the same")
    {
        IsGuess = true,
    };

    public static AttemptCause NoCredentials { get; } = new(
        "no-credentials",
        "the client was asked to log in and left without an answer",
        "look at the client: it has no password for this server, or does not want the method; the timeline "
        + "has which one was asked for");

    public static AttemptCause WrongPassword { get; } = new(
        "wrong-password",
        "wrong password",
        "compare the password with the secret's, its case and its keyboard layout included");

    public static AttemptCause WrongPasswordOfWindows { get; } = new(
        "wrong-password",
        "wrong password",
        "compare the password with the secret's; if the client saved it and the user is sure, have him type"
        + " it: Windows' Credential Guard makes saved passwords fail");

    public static AttemptCause UnknownUser { get; } = new(
        "unknown-user",
        "there is no such user",
        "add a [[ppp-secret]] of this name with service = \"pptp\" or \"any\", or correct the name at the "
        + "client; case counts");

    public static AttemptCause BadUserName { get; } = new(
        "bad-user-name",
        "the user name is empty, too long or no text",
        "correct the name at the client");

    public static AttemptCause SecretDisabled { get; } = new(
        "secret-disabled",
        "the user's secret is disabled",
        "set disabled = false in its [[ppp-secret]] and reload");

    public static AttemptCause PasswordNotKnown { get; } = new(
        "password-not-known",
        "CHAP needs the password, and the secret has its nt-hash",
        "give the secret a password, or let the client use MS-CHAPv2");

    public static AttemptCause LanManagerOnly { get; } = new(
        "lan-manager-only",
        "the client proves itself by the old LM response alone",
        "have the client use MS-CHAPv2");

    public static AttemptCause EapOfLocalUser { get; } = new(
        "eap-of-local-user",
        "the client logs in by EAP, and its user is a local one",
        "EAP is judged by a RADIUS server: move the user there, or let the client use MS-CHAPv2 (mschap2 in "
        + "authentication of [pptp-server])");

    public static AttemptCause EapUnfinished { get; } = new(
        "eap-unfinished",
        "EAP did not come to its end",
        "the timeline has the last round; look at the client's log and the RADIUS server's: the client does none of "
        + "the server's methods, does not trust its certificate, has none of its own, or does not get packets "
        + "as long as its MRU");

    public static AttemptCause CallerIdMismatch { get; } = new(
        "caller-id",
        "the user may not log in from this address",
        "the secret's caller-id says from where: correct it, or remove it");

    public static AttemptCause LockedOut { get; } = new(
        "locked-out",
        "the user was locked out after wrong passwords",
        "wait (10 seconds, then twice as long each time, 15 minutes at most), or raise login-failures in "
        + "[pptp-server]; the attempts before have the true cause");

    public static AttemptCause PasswordExpired { get; } = new(
        "password-expired",
        "the password has expired",
        "the user chooses another at his next login, which takes MS-CHAPv2; or set password-expired = false");

    public static AttemptCause NotChecked { get; } = new(
        "not-checked",
        "the login could not be checked",
        "the log has the fault");

    public static AttemptCause AlreadyLoggedIn { get; } = new(
        "only-one",
        "the user is logged in already, and only-one lets nobody in twice",
        "end the other session (pptpd disconnect), or set only-one = \"replace\" or \"no\" in the profile");

    public static AttemptCause NoAddress { get; } = new(
        "no-address",
        "there is no address for the session",
        "give the secret or the profile local-address and remote-address that nobody else has");

    public static AttemptCause PoolEmpty { get; } = new(
        "pool-empty",
        "the address pool is used up",
        "widen the ranges of the [[ip-pool]], or end sessions: pptpd status, pptpd disconnect");

    public static AttemptCause MppeRefused { get; } = new(
        "mppe-refused",
        "client and server did not agree on encryption",
        "have the client use MPPE with 128 bits stateless, or allow what it does (mppe-allowed in the profile); "
        + "use-encryption = \"yes\" instead of \"required\" lets it in without, in the clear");

    public static AttemptCause IpRefused { get; } = new(
        "ip-refused",
        "client and server did not agree on addresses",
        "look at the timeline; a client that insists on an address of its own has to take the one it is "
        + "given");

    public static AttemptCause LinkFault { get; } = new(
        "link-fault",
        "the client broke the rules of the link",
        "the timeline has what it did; if it is a real client, this is worth a report");

    public static AttemptCause LeftAfterLogin { get; } = new(
        "left-after-login",
        "the login was good, and the client left before the tunnel was up",
        "look at the client's own log: mostly it wants encryption that was not agreed on, another address, "
        + "or could not verify the server");

    public static AttemptCause LoginTimeout { get; } = new(
        "login-timeout",
        "the login was not done in time",
        "the timeline has where it stuck; login-timeout in [pptp-server] is how long it may take");

    public static AttemptCause NoInterface { get; } = new(
        "no-interface",
        "the interface could not be made",
        "pptpd doctor says what is missing on this host");

    public static AttemptCause InternalError { get; } = new(
        "internal-error",
        "an error of this server",
        "the log has it");

    public static AttemptCause KeepaliveLost { get; } = new(
        "keepalive-lost",
        "the client was connected and is not heard any more",
        "its network is gone, or a NAT or firewall on the way has forgotten the tunnel while it was idle: "
        + "keepalive-timeout in [pptp-server] below that time keeps it open");

    public static AttemptCause ConnectionLost { get; } = new(
        "connection-lost",
        "the control connection broke",
        "the client's network is gone, or the client was ended without a goodbye");

    public static AttemptCause MtuBlackHole { get; } = new(
        "mtu-black-hole",
        "small packets pass, large ones do not",
        "something on the way drops large or fragmented GRE packets: lower max-mtu and max-mru in [pptp-"
        + "server] (1400, then 1300), or let fragments and ICMP pass there");

    public static AttemptCause SessionTimeout { get; } = new(
        "session-timeout",
        "the session has lasted as long as it may",
        "session-timeout of the profile is how long")
    {
        IsFailure = false,
    };

    public static AttemptCause IdleTimeout { get; } = new(
        "idle-timeout",
        "nothing went through the tunnel for the idle-timeout",
        "idle-timeout of the profile is how long")
    {
        IsFailure = false,
    };

    public static AttemptCause TrafficLimit { get; } = new(
        "traffic-limit",
        "the session has carried what it may",
        "limit-bytes-in and limit-bytes-out of the secret say how much")
    {
        IsFailure = false,
    };

    public static AttemptCause Disconnected { get; } = new(
        "disconnected",
        "the session was ended here",
        "by pptpd disconnect, by a change of the configuration, or by another login of the same user")
    {
        IsFailure = false,
    };
}

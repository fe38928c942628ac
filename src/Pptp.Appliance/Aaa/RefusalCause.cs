namespace Pptp.Appliance.Aaa;

/// <summary>Why a login was refused: one of these, so that causes can be counted and told apart.</summary>
/// <param name="Text">For the log.</param>
/// <param name="ErrorCode">
/// Told to MS-CHAP peers (RFC 2759 §6). All that a guesser could learn from is 691, as a wrong password is.
/// </param>
/// <param name="MayRetry">Another password, or the same again, could do better.</param>
internal sealed record RefusalCause(string Text, int ErrorCode = RefusalCause.BadCredentials, bool MayRetry = true)
{
    public const int BadCredentials = 691;

    public static RefusalCause UnknownUser { get; } = new("unknown user");

    public static RefusalCause WrongPassword { get; } = new("wrong password");

    /// <summary>Empty, too long, not UTF-8, or with control characters.</summary>
    public static RefusalCause BadUserName { get; } = new("bad user name");

    /// <summary>CHAP-MD5, and only the NT hash is known.</summary>
    public static RefusalCause PasswordNotKnown { get; } =
        new("chap needs the password, and the secret has its nt-hash");

    /// <summary>MS-CHAPv1 with the LM response alone.</summary>
    public static RefusalCause LanManagerOnly { get; } = new("the client offers the LM response alone");

    /// <summary>EAP, and the name is a local one.</summary>
    public static RefusalCause EapOfLocalUser { get; } =
        new("eap is for RADIUS to judge, and the user is a local one", MayRetry: false);

    /// <summary>
    /// The password was right, and the address is not the secret's caller-id. Who guessed the password elsewhere must
    /// not learn that it is right.
    /// </summary>
    public static RefusalCause CallerId { get; } = new("caller-id does not match");

    /// <summary>Told to nobody but who knows the password.</summary>
    public static RefusalCause Disabled { get; } = new("secret is disabled", 647, MayRetry: false);

    /// <summary>Too many wrong logins came before: not even looked at.</summary>
    public static RefusalCause LockedOut { get; } = new("locked out");

    /// <summary>The password was right. The client may choose another.</summary>
    public static RefusalCause PasswordExpired { get; } = new("password expired", 648);

    /// <summary>The password was right, and the method has no way to choose another.</summary>
    public static RefusalCause PasswordExpiredForGood { get; } =
        new("password expired and only MS-CHAPv2 can change it", 648, MayRetry: false);

    /// <summary>The change of password was right, and could not be carried out.</summary>
    public static RefusalCause PasswordNotChanged { get; } = new("password could not be changed", 709, MayRetry: false);

    /// <summary>No server has answered, or what came could not be used.</summary>
    public static RefusalCause RadiusSilent { get; } = new("RADIUS server is not responding", MayRetry: false);

    public static RefusalCause RadiusWrongSecret { get; } =
        new("RADIUS replies are signed with another secret", MayRetry: false);

    public static RefusalCause RadiusUnsigned { get; } =
        new("RADIUS replies have no Message-Authenticator", MayRetry: false);

    /// <summary>A server's verdict; with it go the codes and words of its own.</summary>
    public static RefusalCause RadiusRejected { get; } = new("refused by the RADIUS server");

    /// <summary>An Access-Challenge without EAP: nothing else can carry its answer.</summary>
    public static RefusalCause RadiusChallenge { get; } =
        new("the RADIUS server asks for more than the login method can give", MayRetry: false);

    /// <summary>Without it a client that knows MS-CHAPv2 leaves.</summary>
    public static RefusalCause RadiusNoProof { get; } =
        new("the RADIUS server accepts without a good MS-CHAP2-Success", MayRetry: false);

    /// <summary>The profile or the server requires encryption.</summary>
    public static RefusalCause RadiusNoKeys { get; } =
        new("the RADIUS server gives no keys for the encryption that is required", MayRetry: false);

    public static RefusalCause RadiusPasswordTooLong { get; } =
        new("the password is longer than RADIUS can carry");

    /// <summary>No server answers, and it is another password than that of the last login.</summary>
    public static RefusalCause RadiusNotRemembered { get; } =
        new("RADIUS server is not responding, and the password is not that of the last login");

    /// <summary>The check itself failed.</summary>
    public static RefusalCause NotChecked { get; } = new("could not be checked");
}

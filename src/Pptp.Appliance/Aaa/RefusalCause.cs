namespace Pptp.Appliance.Aaa;

/// <summary>Why a login was refused: one of these, so that causes can be counted and told apart.</summary>
/// <param name="Text">For the log.</param>
/// <param name="ErrorCode">
/// Told to MS-CHAP peers (RFC 2759 §6). All that a guesser could learn from is 691, as a wrong password is.
/// </param>
/// <param name="MayRetry">Another password, or the same again, could do better.</param>
internal sealed record RefusalCause(string Text, int ErrorCode = RefusalCause.BadCredentials, bool MayRetry = true)
{
    private const int BadCredentials = 691;

    /// <summary>The client learns from it that its password is right.</summary>
    public bool AdmitsPassword => ErrorCode != BadCredentials;

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

    /// <summary>The check itself failed.</summary>
    public static RefusalCause NotChecked { get; } = new("could not be checked");
}

namespace Pptp.Radius;

/// <summary>What is wrong with a packet that came in answer.</summary>
public enum BadReply
{
    /// <summary>It is no packet, or not of a kind that answers.</summary>
    Malformed,

    /// <summary>Its authenticator is not the secret's: another secret at the server, or a forgery.</summary>
    WrongSecret,

    /// <summary>It has no Message-Authenticator, and must have one.</summary>
    NoMessageAuthenticator,

    /// <summary>Its Message-Authenticator is not the secret's.</summary>
    WrongMessageAuthenticator,
}

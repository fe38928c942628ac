namespace Pptp.Testing.Radius;

/// <summary>What a test wants of a FreeRADIUS.</summary>
public sealed record FreeRadiusSettings
{
    /// <summary>Long enough that the daemon does not warn of it.</summary>
    public const string DefaultSecret = "a secret of the tests";

    /// <summary>The users file: who may log in, and what is told of them (users(5)).</summary>
    public string Users { get; init; } = "";

    /// <summary>Shared with everybody who asks over UDP.</summary>
    public string Secret { get; init; } = DefaultSecret;

    /// <summary>Where it listens; "*": every IPv4 address, "::": every IPv6 address.</summary>
    public string Address { get; init; } = "*";

    public int AuthenticationPort { get; init; } = 1812;

    public int AccountingPort { get; init; } = 1813;

    /// <summary>
    /// Whether answers to logins have a Message-Authenticator; false is what FreeRADIUS up to 3.2.1 does by itself.
    /// </summary>
    public bool MessageAuthenticator { get; init; } = true;

    /// <summary>Whether a login without Message-Authenticator is dropped.</summary>
    public bool RequireMessageAuthenticator { get; init; }

    /// <summary>Has EAP (MD5, MS-CHAPv2, TLS, PEAP) with certificates of this authority; null: no EAP.</summary>
    public TestAuthority? Authority { get; init; }

    /// <summary>The method of EAP it begins with, as its configuration names it.</summary>
    public string EapMethod { get; init; } = "md5";

    /// <summary>The port of RadSec, which needs <see cref="Authority"/>; null: none.</summary>
    public int? RadSecPort { get; init; }

    /// <summary>Whether MS-CHAP's Access-Accept says that the tunnel must be encrypted, with 128 bits.</summary>
    public bool RequireEncryption { get; init; } = true;

    /// <summary>Lines after the modules of the authorize section, in FreeRADIUS' language.</summary>
    public string Authorize { get; init; } = "";

    /// <summary>Lines of the post-auth section of an accepted login.</summary>
    public string PostAuth { get; init; } = "";

    /// <summary>Lines of the post-auth section of a rejected login.</summary>
    public string PostReject { get; init; } = "";

    /// <summary>Lines of the accounting section, before the record is written.</summary>
    public string Accounting { get; init; } = "";
}

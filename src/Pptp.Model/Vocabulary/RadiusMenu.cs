using System.Net;
using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/radius</c>.</summary>
internal static class RadiusMenu
{
    internal const string SecretName = "secret";

    private const string Remark = """
        Whoever is between a server and us could forge its answers to logins, were it not for Message-Authenticator
        (the attack is called BlastRADIUS). So an answer without it is not believed unless `require-message-auth` is
        `no`: it counts among `bad-replies`, and the login goes on as if nobody had answered. FreeRADIUS up to 3.2.1
        sends it with EAP alone. These three lines, in `post-auth` of its site and once more in `Post-Auth-Type REJECT`
        there, make it send it always:

        ```
        update reply {
            Message-Authenticator := 0x00
        }
        ```
        """;

    private static readonly WordSetType<RadiusServices> Services = new(
        (all, one) => all | one,
        atLeastOne: false,
        ("ppp", RadiusServices.Ppp),
        ("login", RadiusServices.Login),
        ("hotspot", RadiusServices.Hotspot),
        ("wireless", RadiusServices.Wireless),
        ("dhcp", RadiusServices.Dhcp),
        ("ipsec", RadiusServices.Ipsec),
        ("dot1x", RadiusServices.Dot1x));

    private static readonly WordType<RadiusProtocol> Protocol =
        new(("udp", RadiusProtocol.Udp), ("radsec", RadiusProtocol.RadSec));

    private static readonly WordType<RequireMessageAuth> MessageAuth = new(
        ("no", RequireMessageAuth.No),
        ("yes-for-request-resp", RequireMessageAuth.YesForRequestResp),
        ("yes", RequireMessageAuth.YesForRequestResp));

    private static readonly TimeType Timeout =
        new(TimeSpan.FromMilliseconds(10), maximum: TimeSpan.FromMinutes(1));

    private static readonly IntegerType Count = new(0, int.MaxValue);

    internal static MenuDefinition<RadiusServer> Declare() =>
        AddTold(AddTransport(AddChoice(new MenuBuilder<RadiusServer>(
            "/radius", "radius", MenuKind.Table, new() { Address = IPAddress.Any },
            "RADIUS servers, asked in this order for users who have no secret here."))))
        .WithRemark(Remark)
        .Build();

    private static MenuBuilder<RadiusServer> AddChoice(MenuBuilder<RadiusServer> menu) => menu
        .Add("service", Services, r => r.Service, (r, v) => r with { Service = v },
            "Who asks this server; here it is ppp, and a row without it is asked nothing.")
        .Add("called-id", PropertyTypes.OptionalName, r => r.CalledId, (r, v) => r with { CalledId = v },
            "The address of ours that a client must have called for this server to be asked.")
        .Add("domain", PropertyTypes.OptionalName, r => r.Domain, (r, v) => r with { Domain = v },
            "The domain a user must have (DOMAIN\\user) for this server to be asked.")
        .Add("address", PropertyTypes.ServerAddress, r => r.Address, (r, v) => r with { Address = v },
            "The server's address, IPv4 or IPv6.", required: true)
        .Add(SecretName, new PasswordType(), r => r.Secret, (r, v) => r with { Secret = v },
            "What the server and we alone know, or { file = \"path\" } of a file that holds it.", sensitive: true)
        .Add("authentication-port", PropertyTypes.Port,
            r => r.AuthenticationPort, (r, v) => r with { AuthenticationPort = v },
            "The port for logins; with radsec the port for all, 2083 where this is not changed.")
        .Add("accounting-port", PropertyTypes.Port,
            r => r.AccountingPort, (r, v) => r with { AccountingPort = v },
            "The port for accounting.")
        .Add("timeout", Timeout, r => r.Timeout, (r, v) => r with { Timeout = v },
            "How long each try waits for an answer.")
        .Add("tries", new IntegerType(1, 10), r => r.Tries, (r, v) => r with { Tries = v },
            "How often a request is sent before the next server is asked.", origin: PropertyOrigin.Ours)
        .Add("weight", new IntegerType(0, 1000), r => r.Weight, (r, v) => r with { Weight = v },
            "The server's share of the logins among rows with a weight; they come before rows with 0, which go in order.",
            origin: PropertyOrigin.Ours)
        .Add("accounting-backup", PropertyTypes.YesNo,
            r => r.AccountingBackup, (r, v) => r with { AccountingBackup = v },
            "Whether accounting goes here only while no other server takes it.")
        .Add("realm", PropertyTypes.OptionalName, r => r.Realm, (r, v) => r with { Realm = v },
            "The realm this server is told; it is asked about users of it (user@realm) and about those who name none.");

    private static MenuBuilder<RadiusServer> AddTransport(MenuBuilder<RadiusServer> menu) => menu
        .Add("src-address", new OptionalType<IPAddress>(PropertyTypes.ServerAddress, "0.0.0.0"),
            r => r.SrcAddress, (r, v) => r with { SrcAddress = v },
            "The address of ours that requests leave from; 0.0.0.0 is the one the route has.")
        .Add("protocol", Protocol, r => r.Protocol, (r, v) => r with { Protocol = v },
            "How requests go: udp, or radsec (TLS over TCP), whose secret is radsec.")
        .Add("certificate", PropertyTypes.PathOrNone, r => r.Certificate, (r, v) => r with { Certificate = v },
            "The file of our certificate for radsec: PEM, or PKCS#12 (.p12, .pfx) without a password.")
        .Add("certificate-key", PropertyTypes.PathOrNone,
            r => r.CertificateKey, (r, v) => r with { CertificateKey = v },
            "The file of the certificate's key in PEM, if it is not in the certificate's own.",
            origin: PropertyOrigin.Ours)
        .Add("certificate-authority", PropertyTypes.PathOrNone,
            r => r.CertificateAuthority, (r, v) => r with { CertificateAuthority = v },
            "The file of those who may sign the server's certificate, in PEM; none: whom the host trusts.",
            origin: PropertyOrigin.Ours)
        .Add("server-name", PropertyTypes.NameOrNone, r => r.ServerName, (r, v) => r with { ServerName = v },
            "The name the server's certificate must have; none: the server's address.",
            origin: PropertyOrigin.Ours)
        .Add("radsec-timeout", Timeout, r => r.RadSecTimeout, (r, v) => r with { RadSecTimeout = v },
            "How long radsec waits for the connection, and for an answer.")
        .Add("require-message-auth", MessageAuth,
            r => r.RequireMessageAuth, (r, v) => r with { RequireMessageAuth = v },
            "Whether a reply to a login must have a Message-Authenticator; without it replies can be forged.");

    private static MenuBuilder<RadiusServer> AddTold(MenuBuilder<RadiusServer> menu) => menu
        .Add("disabled", PropertyTypes.YesNo, r => r.Disabled, (r, v) => r with { Disabled = v },
            "Whether the server is asked nothing, and may ask nothing.")
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note)
        .AddReadOnly("status", PropertyTypes.OptionalText, "Whether the server answers.")
        .AddReadOnly("pending", Count, "How many requests wait for an answer.")
        .AddReadOnly("requests", Count, "How many requests were made.")
        .AddReadOnly("accepts", Count, "How many were accepted.")
        .AddReadOnly("rejects", Count, "How many were rejected.")
        .AddReadOnly("resends", Count, "How often a request was sent again.")
        .AddReadOnly("timeouts", Count, "How many requests got no answer.")
        .AddReadOnly("bad-replies", Count, "How many replies were wrong, as with another secret.")
        .AddReadOnly("last-request-rtt", new TimeType(TimeSpan.Zero), "How long the last answer took.");
}

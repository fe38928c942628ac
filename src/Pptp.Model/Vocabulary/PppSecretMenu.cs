using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/ppp secret</c>.</summary>
internal static class PppSecretMenu
{
    internal const string PasswordName = "password";

    internal const string NtHashName = "nt-hash";

    private static readonly WordType<PppService> Service = new(
        ("any", PppService.Any),
        ("async", PppService.Async),
        ("pptp", PppService.Pptp),
        ("pppoe", PppService.Pppoe),
        ("l2tp", PppService.L2tp),
        ("ovpn", PppService.Ovpn),
        ("sstp", PppService.Sstp));

    internal static MenuDefinition<PppSecret> Declare() =>
        new MenuBuilder<PppSecret>(
            "/ppp secret", "ppp-secret", MenuKind.Table, new() { Name = "" }, "The users who may log in.")
        .Add("name", PropertyTypes.Name, r => r.Name, (r, v) => r with { Name = v },
            "The user name the client logs in with.", required: true)
        .Add(PasswordName, new PasswordType(), Password, (r, v) => r with { Password = v },
            "The password, or { file = \"path\" } of a file that holds it.", sensitive: true)
        .Add(NtHashName, new NtHashType(), NtHash, (r, v) => r with { Password = v },
            "The password's NT hash in place of the password, as pptpd hash prints it.",
            origin: PropertyOrigin.Ours, sensitive: true)
        .Add("password-expired", PropertyTypes.YesNo, r => r.PasswordExpired, (r, v) => r with { PasswordExpired = v },
            "Whether the user must choose another password at the next login, by MS-CHAPv2.",
            origin: PropertyOrigin.Ours)
        .Add("service", Service, r => r.Service, (r, v) => r with { Service = v },
            "The service the user may use; PPTP is pptp or any.")
        .Add("caller-id", PropertyTypes.OptionalText, r => r.CallerId, (r, v) => r with { CallerId = v },
            "The address the client must call from; ours: or a network such as 198.51.100.0/24.")
        .Add("profile", PropertyTypes.Name, r => r.Profile, (r, v) => r with { Profile = v },
            "The profile that decides what the secret leaves open.")
        .Add("local-address", PropertyTypes.AddressSource,
            r => r.LocalAddress, (r, v) => r with { LocalAddress = v },
            "The server's address in the tunnel, or the pool it is taken from.")
        .Add("remote-address", PropertyTypes.AddressSource,
            r => r.RemoteAddress, (r, v) => r with { RemoteAddress = v },
            "The client's address in the tunnel, or the pool it is taken from.")
        .Add("routes", new ListType<PppRoute>(new RouteType(), "routes such as 10.1.0.0/24 10.0.0.1 1"),
            r => r.Routes, (r, v) => r with { Routes = v },
            "Routes that stand while the user is logged in: network, gateway, metric.")
        .Add("ipv6-routes", new ListType<PppIpv6Route>(new Ipv6RouteType(), "routes such as 2001:db8:7::/64 :: 1"),
            r => r.Ipv6Routes, (r, v) => r with { Ipv6Routes = v },
            "IPv6 routes that stand while the user is logged in: network, gateway (:: is the client), metric.")
        .Add("remote-ipv6-prefix", new OptionalValueType<Ipv6Prefix>(PropertyTypes.Ipv6Prefix, ""),
            r => r.RemoteIpv6Prefix, (r, v) => r with { RemoteIpv6Prefix = v },
            "The IPv6 prefix the client makes itself addresses in, told to it by router advertisement.")
        .Add("limit-bytes-in", PropertyTypes.Octets, r => r.LimitBytesIn, (r, v) => r with { LimitBytesIn = v },
            "The upload in bytes after which the session ends; 0 is no limit.")
        .Add("limit-bytes-out", PropertyTypes.Octets, r => r.LimitBytesOut, (r, v) => r with { LimitBytesOut = v },
            "The download in bytes after which the session ends; 0 is no limit.")
        .Add("disabled", PropertyTypes.YesNo, r => r.Disabled, (r, v) => r with { Disabled = v },
            "Whether the user is kept out.")
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note)
        .AddReadOnly("last-logged-out", PropertyTypes.OptionalText, "When the user's last session ended.")
        .AddReadOnly("last-caller-id", PropertyTypes.OptionalText, "Where the user last called from.")
        .AddReadOnly("last-disconnect-reason", PropertyTypes.OptionalText, "Why the user's last session ended.")
        .Build();

    // Both properties stand for the one secret of the row; each shows it when it is of its kind.
    private static SecretValue? Password(PppSecret row) =>
        row.Password is { Kind: not SecretKind.NtHash } password ? password : null;

    private static SecretValue? NtHash(PppSecret row) =>
        row.Password is { Kind: SecretKind.NtHash } hash ? hash : null;
}

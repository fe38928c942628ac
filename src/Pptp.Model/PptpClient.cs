using System.Net;

namespace Pptp.Model;

/// <summary><c>/interface pptp-client</c>: a tunnel that we dial, under an interface of this name.</summary>
public sealed record PptpClient
{
    /// <summary>The name of a Linux interface: 1 to 15 ASCII letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The server: an IPv4 address or a DNS name, which is resolved at each attempt.</summary>
    public string ConnectTo { get; init; } = "";

    /// <summary>As it is sent, a domain before a backslash included.</summary>
    public string User { get; init; } = "";

    public SecretValue? Password { get; init; }

    public string Profile { get; init; } = PppProfile.DefaultEncryptionName;

    /// <summary>The login methods we answer.</summary>
    public AuthenticationMethods Allow { get; init; } =
        AuthenticationMethods.Pap | AuthenticationMethods.Chap | AuthenticationMethods.MsChap1 | AuthenticationMethods.MsChap2;

    /// <summary>The largest IP packet sent into the tunnel, in octets: 512 to 1500.</summary>
    public int MaxMtu { get; init; } = 1450;

    /// <summary>The largest packet asked for from the server, in octets: 512 to 1500.</summary>
    public int MaxMru { get; init; } = 1450;

    /// <summary>Multilink's MRRU in octets, 512 to 65535; null: disabled.</summary>
    public int? Mrru { get; init; }

    /// <summary>The silence after which the server is asked whether it lives; null: never.</summary>
    public TimeSpan? KeepaliveTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public bool AddDefaultRoute { get; init; }

    /// <summary>The metric of that default route, 0 to 255.</summary>
    public int DefaultRouteDistance { get; init; } = 1;

    public UsePeerDns UsePeerDns { get; init; }

    public bool DialOnDemand { get; init; }

    /// <summary>The address the tunnel leaves from; null: the one the route to the server has.</summary>
    public IPAddress? SrcAddress { get; init; }

    /// <summary>As RouterOS has it, a client does nothing until it is enabled.</summary>
    public bool Disabled { get; init; } = true;

    public string? Comment { get; init; }
}

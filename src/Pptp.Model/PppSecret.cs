namespace Pptp.Model;

/// <summary><c>/ppp secret</c>: a user and what is the user's own. Null: the profile decides.</summary>
public sealed record PppSecret
{
    public required string Name { get; init; }

    /// <summary>The password or its NT hash; null in a row that was not loaded from a configuration.</summary>
    public SecretValue? Password { get; init; }

    /// <summary>The user must choose another password at the next login. Ours.</summary>
    public bool PasswordExpired { get; init; }

    public PppService Service { get; init; } = PppService.Any;

    /// <summary>The address or network the client must call from, see <see cref="Model.CallerId"/>; null: any.</summary>
    public string? CallerId { get; init; }

    public string Profile { get; init; } = PppProfile.DefaultName;

    public AddressSource? LocalAddress { get; init; }

    public AddressSource? RemoteAddress { get; init; }

    /// <summary>Routes that stand while the session is up.</summary>
    public ValueList<PppRoute> Routes { get; init; } = [];

    /// <summary>IPv6 routes that stand while the session is up.</summary>
    public ValueList<PppIpv6Route> Ipv6Routes { get; init; } = [];

    /// <summary>The prefix the client makes its addresses in.</summary>
    public Ipv6Prefix? RemoteIpv6Prefix { get; init; }

    /// <summary>The client's upload after which the session ends, in octets; 0: no limit.</summary>
    public long LimitBytesIn { get; init; }

    /// <summary>The client's download after which the session ends, in octets; 0: no limit.</summary>
    public long LimitBytesOut { get; init; }

    public bool Disabled { get; init; }

    public string? Comment { get; init; }
}

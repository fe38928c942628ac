using System.Net;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>What a RADIUS server gives to a user. Null and empty: nothing, the profile decides.</summary>
internal sealed record RadiusGrant
{
    /// <summary>What the session is to be called by from now on.</summary>
    public string? UserName { get; init; }

    /// <summary>The client's address, or the pool it is from.</summary>
    public AddressSource? RemoteAddress { get; init; }

    /// <summary>Routes that lead to the client, that of Framed-IP-Netmask among them.</summary>
    public ValueList<PppRoute> Routes { get; init; } = [];

    /// <summary>The prefix the client makes its addresses in.</summary>
    public Ipv6Prefix? Ipv6Prefix { get; init; }

    /// <summary>The pool it comes from where it is not given itself.</summary>
    public string? Ipv6Pool { get; init; }

    /// <summary>The lower half of the client's IPv6 addresses; never 0.</summary>
    public ulong? InterfaceIdentifier { get; init; }

    /// <summary>Routes that lead to the client, that of Delegated-IPv6-Prefix among them.</summary>
    public ValueList<PppIpv6Route> Ipv6Routes { get; init; } = [];

    public TimeSpan? SessionTimeout { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The time between two Interim-Updates.</summary>
    public TimeSpan? InterimInterval { get; init; }

    /// <summary>Sessions the user may have at the same time.</summary>
    public int? PortLimit { get; init; }

    /// <summary>Goes into every record of accounting as it is (RFC 2865 §5.25).</summary>
    public ValueList<ReadOnlyMemory<byte>> Classes { get; init; } = [];

    public string? IncomingFilter { get; init; }

    public string? OutgoingFilter { get; init; }

    public ValueList<string> AddressLists { get; init; } = [];

    /// <summary>The name of a PPP profile.</summary>
    public string? Group { get; init; }

    public RateLimit? RateLimit { get; init; }

    /// <summary>Octets the client may send.</summary>
    public long? LimitBytesIn { get; init; }

    /// <summary>Octets the client may be sent.</summary>
    public long? LimitBytesOut { get; init; }

    /// <summary>Octets of both together.</summary>
    public long? LimitBytesTotal { get; init; }

    public ValueList<IPAddress> DnsServers { get; init; } = [];

    public ValueList<IPAddress> WinsServers { get; init; } = [];

    /// <summary>Null: the profile's; <see cref="EncryptionPolicy.Required"/> of a profile stays.</summary>
    public EncryptionPolicy? Encryption { get; init; }

    /// <summary>Strengths that may be agreed; <see cref="MppeOffer.None"/>: nothing is said of them.</summary>
    public MppeOffer Mppe { get; init; }

    /// <summary>For the user.</summary>
    public string? ReplyMessage { get; init; }

    /// <summary>Attributes that were ignored, each with the reason, in English.</summary>
    public ValueList<string> Warnings { get; init; } = [];

    /// <summary>
    /// Without a profile and lists that the configuration has not, of which there is a warning: nothing refers to them.
    /// A filter that it has not stays, and lets nobody in unfiltered.
    /// </summary>
    public RadiusGrant Within(PptpConfiguration configuration)
    {
        List<string> warnings = [.. Warnings];
        bool hasGroup = Group is null || configuration.FindProfile(Group) is not null;
        if (!hasGroup)
            warnings.Add($"Mikrotik-Group = \"{Group}\" is ignored: there is no such profile");
        foreach (string list in AddressLists.Where(list => !configuration.HasAddressList(list)))
            warnings.Add($"Mikrotik-Address-List = \"{list}\" is ignored: no profile has this address-list");
        return this with
        {
            Group = hasGroup ? Group : null,
            AddressLists = [.. AddressLists.Where(configuration.HasAddressList)],
            Warnings = [.. warnings],
        };
    }

    /// <summary>What another gives later goes before it, of that which can change while a session is up.</summary>
    public RadiusGrant Changed(RadiusGrant by) => this with
    {
        Group = by.Group ?? Group,
        RateLimit = by.RateLimit ?? RateLimit,
        LimitBytesIn = by.LimitBytesIn ?? LimitBytesIn,
        LimitBytesOut = by.LimitBytesOut ?? LimitBytesOut,
        LimitBytesTotal = by.LimitBytesTotal ?? LimitBytesTotal,
        IncomingFilter = by.IncomingFilter ?? IncomingFilter,
        OutgoingFilter = by.OutgoingFilter ?? OutgoingFilter,
        AddressLists = by.AddressLists.Count > 0 ? by.AddressLists : AddressLists,
        SessionTimeout = by.SessionTimeout ?? SessionTimeout,
        IdleTimeout = by.IdleTimeout ?? IdleTimeout,
        InterimInterval = by.InterimInterval ?? InterimInterval,
        PortLimit = by.PortLimit ?? PortLimit,
    };
}

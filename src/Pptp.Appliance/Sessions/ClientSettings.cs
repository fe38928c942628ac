using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <summary>A client with what its profile means to it. Two that are equal need no new tunnel.</summary>
internal sealed record ClientSettings
{
    /// <summary>Without its comment.</summary>
    public required PptpClient Client { get; init; }

    public required EncryptionPolicy Encryption { get; init; }

    /// <summary>The forms of MPPE that may be agreed; never none.</summary>
    public required MppeOffer Mppe { get; init; }

    public required bool ChangeTcpMss { get; init; }

    /// <summary>Our address; 0.0.0.0: the one the server gives us.</summary>
    public required IPAddress LocalAddress { get; init; }

    /// <summary>The server's address; 0.0.0.0: any it has.</summary>
    public required IPAddress RemoteAddress { get; init; }

    /// <summary>Never <see cref="Negotiation.Default"/>.</summary>
    public required Negotiation UseIpv6 { get; init; }

    /// <summary>Null: a tunnel may last.</summary>
    public required TimeSpan? SessionTimeout { get; init; }

    /// <summary>Null: a tunnel may carry nothing.</summary>
    public required TimeSpan? IdleTimeout { get; init; }

    /// <summary>Received is what comes from the server. Null: as fast as it goes.</summary>
    public required RateLimit? RateLimit { get; init; }

    public FirewallMembership Firewall { get; init; } = FirewallMembership.None;

    /// <summary>What is run when a tunnel is up; null: nothing.</summary>
    public required HookScript? OnUp { get; init; }

    /// <summary>What is run when it is down again; null: nothing.</summary>
    public required HookScript? OnDown { get; init; }

    /// <summary>
    /// A client's own profile alone counts: what it leaves to a default profile is no, as RouterOS has it where the
    /// profile is that of the interface itself.
    /// </summary>
    public static ClientSettings Resolve(PptpConfiguration configuration, PptpClient client)
    {
        PppProfile profile = configuration.FindProfile(client.Profile)
            ?? throw new InvalidOperationException($"a checked configuration lacks the profile {client.Profile} it refers to");
        return new ClientSettings
        {
            Client = client with { Comment = null },
            Encryption = Negotiated.Policy(profile.UseEncryption),
            Mppe = Negotiated.Offer(profile.MppeAllowed),
            ChangeTcpMss = profile.ChangeTcpMss == TriState.Yes,
            UseIpv6 = profile.UseIpv6 == Negotiation.Default ? Negotiation.No : profile.UseIpv6,
            LocalAddress = AddressOf(profile.LocalAddress),
            RemoteAddress = AddressOf(profile.RemoteAddress),
            SessionTimeout = Negotiated.Time(profile.SessionTimeout),
            IdleTimeout = Negotiated.Time(profile.IdleTimeout),
            RateLimit = profile.RateLimit,
            Firewall = FirewallMembership.Of(profile),
            OnUp = profile.OnUp,
            OnDown = profile.OnDown,
        };
    }

    private static IPAddress AddressOf(AddressSource? source) =>
        source is AddressSource.Single single ? single.Address : IPAddress.Any;
}

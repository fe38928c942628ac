using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>What a session's profile wants of the firewall.</summary>
internal sealed record FirewallMembership
{
    public static readonly FirewallMembership None = new();

    /// <summary>The chain for packets that come out of the tunnel; null: none.</summary>
    public string? IncomingFilter { get; init; }

    /// <summary>The chain for packets that go into the tunnel; null: none.</summary>
    public string? OutgoingFilter { get; init; }

    /// <summary>The lists that the address is on.</summary>
    public ValueList<string> AddressLists { get; init; } = [];

    /// <summary>The list that the interface is on; null: none.</summary>
    public string? InterfaceList { get; init; }

    /// <summary>Nothing is wanted: the firewall need not even be there.</summary>
    public bool IsEmpty =>
        IncomingFilter is null && OutgoingFilter is null && AddressLists.Count == 0 && InterfaceList is null;

    /// <summary>What a profile says, and where it says nothing another.</summary>
    public static FirewallMembership Of(PppProfile profile, PppProfile? fallback = null) => new()
    {
        IncomingFilter = profile.IncomingFilter ?? fallback?.IncomingFilter,
        OutgoingFilter = profile.OutgoingFilter ?? fallback?.OutgoingFilter,
        AddressLists = profile.AddressList.Count > 0 ? profile.AddressList : fallback?.AddressList ?? [],
        InterfaceList = profile.InterfaceList ?? fallback?.InterfaceList,
    };
}

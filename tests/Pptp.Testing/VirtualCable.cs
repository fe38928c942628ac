using System.Net;
using Pptp.Linux;

namespace Pptp.Testing;

/// <summary>veth: two interfaces joined back to back.</summary>
internal static class VirtualCable
{
    /// <summary>Makes <paramref name="name"/> here and its other end in the namespace of a descriptor.</summary>
    internal static void Create(string name, string peerName, int peerNamespace)
    {
        using RouteNetlink netlink = new();
        netlink.AddCable(name, peerName, peerNamespace);
    }

    internal static void Configure(string name, string address, int prefixLength)
    {
        using RouteNetlink netlink = new();
        LinkEntry link = netlink.FindLink(name)
            ?? throw new InvalidOperationException($"The cable's end {name} did not appear.");
        netlink.ChangeLink(link.Index, new LinkChange { AddressGenerationNone = true, Up = true });
        netlink.AddAddress(link.Index, IPAddress.Parse(address), null, prefixLength);
    }
}

using System.Net;
using Pptp.Linux;

namespace Pptp.Testing;

/// <summary>veth: two interfaces joined back to back, made in tests only.</summary>
internal static class VirtualCable
{
    private const ushort IflaInfoData = 2;
    private const ushort VethInfoPeer = 1;

    /// <summary>Makes <paramref name="name"/> here and its other end in the namespace of a descriptor.</summary>
    internal static void Create(string name, string peerName, int peerNamespace)
    {
        NetlinkMessage message = new NetlinkMessage(
            RouteNetlink.RtmNewLink,
            NetlinkSocket.Request | NetlinkSocket.Acknowledge | NetlinkSocket.Create | NetlinkSocket.Exclusive)
            .Body(default(RouteNetlink.LinkHeader))
            .AttributeString(RouteNetlink.IflaInterfaceName, name);
        int information = message.BeginNested(RouteNetlink.IflaLinkInfo);
        _ = message.AttributeString(RouteNetlink.IflaInfoKind, "veth");
        int data = message.BeginNested(IflaInfoData);
        int peer = message.BeginNested(VethInfoPeer);
        _ = message
            .Body(default(RouteNetlink.LinkHeader))
            .AttributeString(RouteNetlink.IflaInterfaceName, peerName)
            .Attribute(RouteNetlink.IflaNamespaceDescriptor, (uint)peerNamespace)
            .EndNested(peer)
            .EndNested(data)
            .EndNested(information);
        using RouteNetlink netlink = new();
        netlink.Execute(message).ThrowIfFailed("RTM_NEWLINK", $"veth {name} with {peerName}");
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

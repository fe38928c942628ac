using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <content>The way of one packet: RTM_GETROUTE and RTM_GETNEIGH for an address.</content>
public sealed partial class RouteNetlink
{
    private const ushort RtaSource = 2;
    private const ushort NdaLinkAddress = 2;
    private const int EthernetAddressLength = 6;

    // NUD_REACHABLE, _STALE, _DELAY, _PROBE, _PERMANENT: there is an address that may be used.
    private const ushort UsableNeighbour = 0x02 | 0x04 | 0x08 | 0x10 | 0x80;

    /// <summary>The next hop to an IPv4 address over Ethernet.</summary>
    /// <param name="local">The address to send from; one of the host's.</param>
    /// <param name="remote">Where to.</param>
    /// <returns>
    /// Null: there is no route, it does not lead over an interface of Ethernet that is up, or the next hop's address is
    /// not known yet.
    /// </returns>
    public NextHop? FindNextHop(IPAddress local, IPAddress remote)
    {
        NetlinkMessage request = new NetlinkMessage(RtmGetRoute, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
            .Body(new RouteHeader { Family = FamilyIpv4, DestinationLength = 32, SourceLength = 32 })
            .Attribute(RtaDestination, remote)
            .Attribute(RtaSource, local);
        RouteType type = default;
        int index = 0;
        IPAddress hop = remote;
        NetlinkReply reply = _socket.ExecuteQuery(request, (kind, payload) =>
        {
            if (kind != RtmNewRoute || payload.Length < Unsafe.SizeOf<RouteHeader>())
                return;
            type = (RouteType)MemoryMarshal.Read<RouteHeader>(payload).Type;
            NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<RouteHeader>()..]);
            while (attributes.TryNext(out int attribute, out ReadOnlySpan<byte> value))
            {
                if (attribute == RtaOutputInterface)
                    index = (int)NetlinkAttributes.ToNumber(value);
                else if (attribute == RtaGateway)
                    hop = NetlinkAttributes.ToAddress(value) ?? hop;
            }
        });
        if (reply.Errno != 0 || type != RouteType.Unicast || index == 0 || FindLink(index) is not { IsUp: true, IsEthernet: true } link)
            return null;
        return FindNeighbour(index, hop) is { } address ? new NextHop(index, address, link.Mtu) : null;
    }

    private ulong? FindNeighbour(int index, IPAddress hop)
    {
        NetlinkMessage request = new NetlinkMessage(RtmGetNeighbour, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
            .Body(new NeighbourHeader { Family = FamilyIpv4, Index = index })
            .Attribute(NdaDestination, hop);
        ulong? found = null;
        _socket.ExecuteQuery(request, (kind, payload) =>
        {
            if (kind != RtmNewNeighbour || payload.Length < Unsafe.SizeOf<NeighbourHeader>()
                || (MemoryMarshal.Read<NeighbourHeader>(payload).State & UsableNeighbour) == 0)
            {
                return;
            }
            NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<NeighbourHeader>()..]);
            while (attributes.TryNext(out int attribute, out ReadOnlySpan<byte> value))
            {
                if (attribute == NdaLinkAddress && value.Length == EthernetAddressLength)
                    found = MemoryMarshal.Read<uint>(value) | ((ulong)MemoryMarshal.Read<ushort>(value[4..]) << 32);
            }
        });
        return found;
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <content>Routes: RTM_*ROUTE.</content>
public sealed partial class RouteNetlink
{
    private const ushort RtmNewRoute = 24;
    private const ushort RtmDeleteRoute = 25;
    private const ushort RtmGetRoute = 26;
    private const ushort RtaDestination = 1;
    private const ushort RtaOutputInterface = 4;
    private const ushort RtaGateway = 5;
    private const ushort RtaPriority = 6;
    private const ushort RtaPreferredSource = 7;
    private const ushort RtaTable = 15;
    private const byte ScopeUniverse = 0;
    private const byte ScopeLink = 253;
    private const byte ScopeHost = 254;
    private const byte ScopeNowhere = 255;
    private const byte TableUnspecified = 0;
    private const uint RouteFlagOnLink = 0x4; // RTNH_F_ONLINK
    private const uint RouteFlagCloned = 0x200;

    /// <summary>
    /// Adds a route; with <paramref name="replace"/>, in the place of one to the same prefix and metric.
    /// </summary>
    /// <exception cref="LinuxException">
    /// EEXIST: there is one. ENETUNREACH: the gateway is not on a connected network. ENETDOWN: the interface is down.
    /// </exception>
    public void AddRoute(RouteEntry route, bool replace = false) =>
        AddRoute(route, replace ? NetlinkSocket.Replace : NetlinkSocket.Exclusive);

    /// <summary>
    /// Adds a route behind those to the same prefix with the same metric: it is used when they are gone. IPv6 makes
    /// them one route of several paths instead.
    /// </summary>
    /// <exception cref="LinuxException">As <see cref="AddRoute(RouteEntry, bool)"/>; EEXIST: this very one is there.</exception>
    public void AppendRoute(RouteEntry route) => AddRoute(route, NetlinkSocket.Append);

    /// <summary>
    /// Adds a route before those to the same prefix with the same metric: it is used as long as it is there. IPv6 makes
    /// them one route of several paths instead.
    /// </summary>
    /// <exception cref="LinuxException">As <see cref="AddRoute(RouteEntry, bool)"/>; EEXIST: this very one is there.</exception>
    public void PrependRoute(RouteEntry route) => AddRoute(route, 0);

    private void AddRoute(RouteEntry route, ushort how)
    {
        ArgumentNullException.ThrowIfNull(route);
        ushort flags = (ushort)(NetlinkSocket.Request | NetlinkSocket.Acknowledge | NetlinkSocket.Create | how);
        byte scope = route switch
        {
            { Type: RouteType.Local } => ScopeHost,
            { Type: RouteType.Unicast, Gateway: null } => ScopeLink,
            _ => ScopeUniverse,
        };
        _socket.Execute(BuildRoute(RtmNewRoute, flags, route, scope))
            .ThrowIfFailed("RTM_NEWROUTE", DescribeRoute(route));
    }

    /// <summary>
    /// Removes the route that agrees in all that <paramref name="route"/> states. False if there is none.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool RemoveRoute(RouteEntry route)
    {
        ArgumentNullException.ThrowIfNull(route);
        ushort flags = NetlinkSocket.Request | NetlinkSocket.Acknowledge;
        return _socket.Execute(BuildRoute(RtmDeleteRoute, flags, route, ScopeNowhere))
            .SucceededUnless(Errno.ESRCH, "RTM_DELROUTE", DescribeRoute(route));
    }

    /// <summary>
    /// The routes of all tables, or those made by one protocol number. A multipath route appears without gateway and
    /// interface.
    /// </summary>
    /// <param name="protocol">The rtm_protocol wanted; 0: all.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<RouteEntry> ListRoutes(byte protocol = 0) =>
        List(
            new NetlinkMessage(RtmGetRoute, NetlinkSocket.Request | NetlinkSocket.Dump)
                .Body(new RouteHeader { Protocol = protocol }),
            "RTM_GETROUTE",
            RtmNewRoute,
            payload => ReadRoute(payload) is { } route && (protocol == 0 || route.Protocol == protocol) ? route : null);

    /// <summary>Removes every route made by one protocol number, in all tables.</summary>
    /// <param name="protocol">Not 0.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public int RemoveRoutes(byte protocol)
    {
        ArgumentOutOfRangeException.ThrowIfZero(protocol);
        int removed = 0;
        foreach (RouteEntry route in ListRoutes(protocol))
        {
            removed += RemoveRoute(route) ? 1 : 0;
        }

        return removed;
    }

    private static NetlinkMessage BuildRoute(ushort type, ushort flags, RouteEntry route, byte scope)
    {
        byte family = FamilyOf(route.Destination.BaseAddress.AddressFamily);
        NetlinkMessage message = new NetlinkMessage(type, flags)
            .Body(new RouteHeader
            {
                Family = family,
                DestinationLength = (byte)route.Destination.PrefixLength,
                Table = route.Table <= byte.MaxValue ? (byte)route.Table : TableUnspecified,
                Protocol = route.Protocol,
                Scope = scope,
                Type = (byte)route.Type,
                Flags = route.IsOnLink ? RouteFlagOnLink : 0,
            })
            .Attribute(RtaDestination, route.Destination.BaseAddress)
            .Attribute(RtaTable, route.Table);
        if (route.Gateway is { } gateway)
        {
            if (FamilyOf(gateway.AddressFamily) != family)
            {
                throw new ArgumentException($"{gateway} is not of the family of {route.Destination}.", nameof(route));
            }

            _ = message.Attribute(RtaGateway, gateway);
        }

        if (route.InterfaceIndex is { } index)
        {
            _ = message.Attribute(RtaOutputInterface, (uint)index);
        }

        if (route.PreferredSource is { } source)
        {
            _ = message.Attribute(RtaPreferredSource, source);
        }

        return route.Metric != 0 ? message.Attribute(RtaPriority, route.Metric) : message;
    }

    private static string DescribeRoute(RouteEntry route)
    {
        string text = $"route {route.Destination}";
        text += route.Gateway is { } gateway ? $" via {gateway}" : string.Empty;
        text += route.InterfaceIndex is { } index ? $" on {Describe(index)}" : string.Empty;
        return route.Table == RouteEntry.MainTable ? text : $"{text} table {route.Table}";
    }

    private static RouteEntry? ReadRoute(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<RouteHeader>())
        {
            return null;
        }

        RouteHeader header = MemoryMarshal.Read<RouteHeader>(payload);
        if (header.Family is not (FamilyIpv4 or FamilyIpv6) || (header.Flags & RouteFlagCloned) != 0)
        {
            return null;
        }

        IPAddress destination = header.Family == FamilyIpv4 ? IPAddress.Any : IPAddress.IPv6Any;
        RouteEntry route = new()
        {
            Destination = default,
            Protocol = header.Protocol,
            Table = header.Table,
            Type = (RouteType)header.Type,
            IsOnLink = (header.Flags & RouteFlagOnLink) != 0,
        };
        NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<RouteHeader>()..]);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            switch (type)
            {
                case RtaDestination:
                    destination = NetlinkAttributes.ToAddress(value) ?? destination;
                    break;
                case RtaGateway:
                    route = route with { Gateway = NetlinkAttributes.ToAddress(value) };
                    break;
                case RtaOutputInterface:
                    route = route with { InterfaceIndex = (int)NetlinkAttributes.ToNumber(value) };
                    break;
                case RtaPriority:
                    route = route with { Metric = NetlinkAttributes.ToNumber(value) };
                    break;
                case RtaPreferredSource:
                    route = route with { PreferredSource = NetlinkAttributes.ToAddress(value) };
                    break;
                case RtaTable:
                    route = route with { Table = NetlinkAttributes.ToNumber(value) };
                    break;
                default:
                    break;
            }
        }

        return route with { Destination = new IPNetwork(destination, header.DestinationLength) };
    }

    /// <summary>struct rtmsg</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RouteHeader
    {
        internal byte Family;
        internal byte DestinationLength;
        internal byte SourceLength;
        internal byte TypeOfService;
        internal byte Table;
        internal byte Protocol;
        internal byte Scope;
        internal byte Type;
        internal uint Flags;
    }
}

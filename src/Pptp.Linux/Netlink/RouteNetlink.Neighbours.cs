using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <content>Proxy entries of the neighbour tables: RTM_*NEIGH with NTF_PROXY.</content>
public sealed partial class RouteNetlink
{
    private const ushort RtmNewNeighbour = 28;
    private const ushort RtmDeleteNeighbour = 29;
    private const ushort RtmGetNeighbour = 30;
    private const ushort NdaDestination = 1;
    private const ushort NdaProtocol = 12;
    private const byte NeighbourProxy = 0x08; // NTF_PROXY

    /// <summary>
    /// Has the host answer for an address on an interface (ARP, NDP) while it forwards there and its route to the
    /// address leads elsewhere. One that is there already becomes ours.
    /// </summary>
    /// <param name="entry">Its protocol is kept by kernels from 5.2 on.</param>
    /// <exception cref="LinuxException">ENODEV: no such interface.</exception>
    public void AddProxyNeighbour(ProxyNeighbour entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ushort flags = NetlinkSocket.Request | NetlinkSocket.Acknowledge | NetlinkSocket.Create
            | NetlinkSocket.Replace;
        _socket.Execute(BuildNeighbour(RtmNewNeighbour, flags, entry).Attribute(NdaProtocol, entry.Protocol))
            .ThrowIfFailed("RTM_NEWNEIGH", DescribeNeighbour(entry));
    }

    /// <summary>Has the host answer no longer. False if it did not, or the interface is gone.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool RemoveProxyNeighbour(ProxyNeighbour entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ushort flags = NetlinkSocket.Request | NetlinkSocket.Acknowledge;
        NetlinkReply reply = _socket.Execute(BuildNeighbour(RtmDeleteNeighbour, flags, entry));
        return reply.Errno != Errno.ENODEV
            && reply.SucceededUnless(Errno.ENOENT, "RTM_DELNEIGH", DescribeNeighbour(entry));
    }

    /// <summary>All proxy entries of the namespace; where the kernel does not keep who made one, its protocol is 0.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<ProxyNeighbour> ListProxyNeighbours() =>
        List(
            new NetlinkMessage(RtmGetNeighbour, NetlinkSocket.Request | NetlinkSocket.Dump)
                .Body(new NeighbourHeader { Flags = NeighbourProxy }),
            "RTM_GETNEIGH",
            RtmNewNeighbour,
            ReadNeighbour);

    /// <summary>Removes every proxy entry made by one protocol number.</summary>
    /// <param name="protocol">Not 0.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public int RemoveProxyNeighbours(byte protocol)
    {
        ArgumentOutOfRangeException.ThrowIfZero(protocol);
        return ListProxyNeighbours().Count(entry => entry.Protocol == protocol && RemoveProxyNeighbour(entry));
    }

    private static NetlinkMessage BuildNeighbour(ushort type, ushort flags, ProxyNeighbour entry) =>
        new NetlinkMessage(type, flags)
            .Body(new NeighbourHeader
            {
                Family = FamilyOf(entry.Address.AddressFamily),
                Index = entry.InterfaceIndex,
                Flags = NeighbourProxy,
            })
            .Attribute(NdaDestination, entry.Address);

    private static string DescribeNeighbour(ProxyNeighbour entry) =>
        $"proxy {entry.Address} on {Describe(entry.InterfaceIndex)}";

    private static ProxyNeighbour? ReadNeighbour(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<NeighbourHeader>())
        {
            return null;
        }

        NeighbourHeader header = MemoryMarshal.Read<NeighbourHeader>(payload);
        IPAddress? address = null;
        byte protocol = 0;
        NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<NeighbourHeader>()..]);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            switch (type)
            {
                case NdaDestination:
                    address = NetlinkAttributes.ToAddress(value);
                    break;
                case NdaProtocol:
                    protocol = value.IsEmpty ? (byte)0 : value[0];
                    break;
                default:
                    break;
            }
        }

        return (header.Flags & NeighbourProxy) == 0 || address is null
            ? null
            : new ProxyNeighbour(header.Index, address, protocol);
    }

    /// <summary>struct ndmsg</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NeighbourHeader
    {
        internal byte Family;
        internal byte Padding;
        internal ushort MorePadding;
        internal int Index;
        internal ushort State;
        internal byte Flags;
        internal byte Type;
    }
}

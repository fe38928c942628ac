using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <content>Addresses: RTM_*ADDR.</content>
public sealed partial class RouteNetlink
{
    private const ushort RtmNewAddress = 20;
    private const ushort RtmDeleteAddress = 21;
    private const ushort RtmGetAddress = 22;
    private const ushort IfaAddress = 1;
    private const ushort IfaLocal = 2;

    /// <summary>Gives an interface an address; the kernel adds the route to its prefix.</summary>
    /// <param name="index">The interface.</param>
    /// <param name="local">Our address.</param>
    /// <param name="peer">
    /// The other end's address, of the same family, on a point-to-point interface; else null.
    /// </param>
    /// <param name="prefixLength">0 to 32 or 128 bits; belongs to <paramref name="peer"/> where it is given.</param>
    /// <exception cref="LinuxException">EEXIST: it has it already. ENODEV: no such interface.</exception>
    public void AddAddress(int index, IPAddress local, IPAddress? peer, int prefixLength)
    {
        ushort flags = NetlinkSocket.Request | NetlinkSocket.Acknowledge | NetlinkSocket.Create
            | NetlinkSocket.Exclusive;
        _socket.Execute(BuildAddress(RtmNewAddress, flags, index, local, peer, prefixLength))
            .ThrowIfFailed("RTM_NEWADDR", DescribeAddress(index, local, peer, prefixLength));
    }

    /// <summary>Takes an address away. False if the interface does not have it.</summary>
    /// <exception cref="LinuxException">ENODEV: no such interface.</exception>
    public bool RemoveAddress(int index, IPAddress local, IPAddress? peer, int prefixLength)
    {
        ushort flags = NetlinkSocket.Request | NetlinkSocket.Acknowledge;
        return _socket.Execute(BuildAddress(RtmDeleteAddress, flags, index, local, peer, prefixLength))
            .SucceededUnless(
                Errno.EADDRNOTAVAIL, "RTM_DELADDR", DescribeAddress(index, local, peer, prefixLength));
    }

    /// <summary>All IPv4 and IPv6 addresses of the namespace.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<AddressEntry> ListAddresses() =>
        List(
            new NetlinkMessage(RtmGetAddress, NetlinkSocket.Request | NetlinkSocket.Dump).Body(default(AddressHeader)),
            "RTM_GETADDR",
            RtmNewAddress,
            ReadAddress);

    private static NetlinkMessage BuildAddress(
        ushort type, ushort flags, int index, IPAddress local, IPAddress? peer, int prefixLength)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        if (peer is not null && peer.AddressFamily != local.AddressFamily)
        {
            throw new ArgumentException($"{peer} is not of the family of {local}.", nameof(peer));
        }

        byte family = FamilyOf(local.AddressFamily);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, family == FamilyIpv4 ? 32 : 128);
        return new NetlinkMessage(type, flags)
            .Body(new AddressHeader { Family = family, PrefixLength = (byte)prefixLength, Index = index })
            .Attribute(IfaLocal, local)
            .Attribute(IfaAddress, peer ?? local);
    }

    private static string DescribeAddress(int index, IPAddress local, IPAddress? peer, int prefixLength) =>
        peer is null
            ? $"{Describe(index)}, {local}/{prefixLength}"
            : $"{Describe(index)}, {local} peer {peer}/{prefixLength}";

    private static AddressEntry? ReadAddress(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<AddressHeader>())
        {
            return null;
        }

        AddressHeader header = MemoryMarshal.Read<AddressHeader>(payload);
        IPAddress? address = null;
        IPAddress? local = null;
        NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<AddressHeader>()..]);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            switch (type)
            {
                case IfaAddress:
                    address = NetlinkAttributes.ToAddress(value);
                    break;
                case IfaLocal:
                    local = NetlinkAttributes.ToAddress(value);
                    break;
                default:
                    break;
            }
        }

        // IPv6 leaves IFA_LOCAL out where there is no peer; IPv4 repeats the address.
        return (local ?? address) is not { } own
            ? null
            : new AddressEntry(header.Index, own, own.Equals(address) ? null : address, header.PrefixLength);
    }

    /// <summary>struct ifaddrmsg</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct AddressHeader
    {
        internal byte Family;
        internal byte PrefixLength;
        internal byte Flags;
        internal byte Scope;
        internal int Index;
    }
}

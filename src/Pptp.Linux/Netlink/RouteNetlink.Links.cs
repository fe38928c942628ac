using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Pptp.Linux;

/// <content>Interfaces: RTM_*LINK.</content>
public sealed partial class RouteNetlink
{
    private const ushort RtmNewLink = 16;
    private const ushort RtmDeleteLink = 17;
    private const ushort RtmGetLink = 18;
    private const ushort RtmSetLink = 19;

    private const ushort IflaInterfaceName = 3;
    private const ushort IflaLinkInfo = 18;
    private const ushort IflaNamespaceDescriptor = 28;
    private const ushort IflaMtu = 4;
    private const ushort IflaTxQueueLength = 13;
    private const ushort IflaAlias = 20;
    private const ushort IflaAfSpec = 26;
    private const ushort IflaGroup = 27;
    private const ushort IflaCarrier = 33;
    private const ushort IflaGsoMaxSize = 41;
    private const ushort IflaInet6AddressGenerationMode = 8;
    private const ushort IflaInfoKind = 1;
    private const byte AddressGenerationModeNone = 1;
    private const uint InterfaceFlagUp = 1;
    private const ushort HardwareEthernet = 1;

    private volatile bool _lacksIpv6;

    /// <summary>All interfaces of the namespace.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<LinkEntry> ListLinks() =>
        List(
            new NetlinkMessage(RtmGetLink, NetlinkSocket.Request | NetlinkSocket.Dump).Body(default(LinkHeader)),
            "RTM_GETLINK",
            RtmNewLink,
            ReadLink);

    /// <summary>The interface of that name, or null.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public LinkEntry? FindLink(string name)
    {
        if (!InterfaceName.IsValid(name))
        {
            return null;
        }

        return FindLink(
            new NetlinkMessage(RtmGetLink, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
                .Body(default(LinkHeader))
                .AttributeString(IflaInterfaceName, name),
            name);
    }

    /// <summary>The interface of that index, or null.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public LinkEntry? FindLink(int index) =>
        index <= 0
            ? null
            : FindLink(
                new NetlinkMessage(RtmGetLink, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
                    .Body(new LinkHeader { Index = index }),
                Describe(index));

    /// <summary>Changes what <paramref name="change"/> names; an empty change asks the kernel nothing.</summary>
    /// <exception cref="ArgumentException">The new name is not one the kernel takes.</exception>
    /// <exception cref="LinuxException">
    /// ENODEV: no such interface. EINVAL, ERANGE: a value out of range. EEXIST: the name is taken.
    /// </exception>
    public void ChangeLink(int index, LinkChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Name is not null)
        {
            InterfaceName.Require(change.Name, nameof(change));
        }

        // In one message the kernel would raise the interface before it reads IFLA_AF_SPEC, and IPv6 would have
        // made its addresses by then.
        if (change.Up is false)
        {
            SetUp(index, false);
        }

        ChangeAttributes(index, change);
        if (change.Up is true)
        {
            SetUp(index, true);
        }
    }

    /// <summary>Deletes an interface. False if there is none of that index.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP: a physical interface.</exception>
    public bool DeleteLink(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        return _socket.Execute(
            new NetlinkMessage(RtmDeleteLink, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
                .Body(new LinkHeader { Index = index }))
            .SucceededUnless(Errno.ENODEV, "RTM_DELLINK", Describe(index));
    }

    /// <summary>
    /// Deletes all interfaces of a group in one go, about 0.25 ms each. False if the group is empty.
    /// </summary>
    /// <param name="group">Not 0, the group every interface starts in.</param>
    /// <exception cref="LinuxException">EOPNOTSUPP: one of them cannot be deleted; then none was.</exception>
    public bool DeleteLinkGroup(uint group)
    {
        ArgumentOutOfRangeException.ThrowIfZero(group);
        return _socket.Execute(
            new NetlinkMessage(RtmDeleteLink, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
                .Body(default(LinkHeader))
                .Attribute(IflaGroup, group))
            .SucceededUnless(
                Errno.ENODEV, "RTM_DELLINK", string.Create(CultureInfo.InvariantCulture, $"link group {group}"));
    }

    private LinkEntry? FindLink(NetlinkMessage request, string target)
    {
        LinkEntry? found = null;
        bool exists = _socket
            .ExecuteQuery(request, (type, payload) => found = type == RtmNewLink ? ReadLink(payload) : found)
            .SucceededUnless(Errno.ENODEV, "RTM_GETLINK", target);
        return exists ? found : null;
    }

    private void SetUp(int index, bool up) =>
        _socket.Execute(
            new NetlinkMessage(RtmSetLink, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
                .Body(new LinkHeader { Index = index, Flags = up ? InterfaceFlagUp : 0, Change = InterfaceFlagUp }))
            .ThrowIfFailed(up ? "RTM_SETLINK(up)" : "RTM_SETLINK(down)", Describe(index));

    private void ChangeAttributes(int index, LinkChange change)
    {
        bool generation = change.AddressGenerationNone && !_lacksIpv6;
        if (BuildChange(index, change, generation) is not { } message)
        {
            return;
        }

        NetlinkReply reply = _socket.Execute(message);
        if (reply.Errno == Errno.EAFNOSUPPORT && generation)
        {
            // No IPv6 in this kernel, or none on this interface: nothing to keep from making addresses.
            _lacksIpv6 = true;
            if (BuildChange(index, change, false) is not { } rest)
            {
                return;
            }

            reply = _socket.Execute(rest);
        }

        reply.ThrowIfFailed("RTM_SETLINK", Describe(index));
    }

    private static NetlinkMessage? BuildChange(int index, LinkChange change, bool generation)
    {
        NetlinkMessage message = new NetlinkMessage(RtmSetLink, NetlinkSocket.Request | NetlinkSocket.Acknowledge)
            .Body(new LinkHeader { Index = index });
        int empty = message.Bytes.Length;
        AddNumber(message, IflaMtu, change.Mtu);
        AddNumber(message, IflaTxQueueLength, change.TxQueueLength);
        AddNumber(message, IflaGroup, (long?)change.Group);
        AddNumber(message, IflaGsoMaxSize, (long?)change.GsoMaxSize);
        if (change.Alias is { } alias)
        {
            _ = message.Attribute(IflaAlias, Encoding.UTF8.GetBytes(alias));
        }

        if (change.Name is { } name)
        {
            _ = message.AttributeString(IflaInterfaceName, name);
        }

        if (change.Carrier is { } carrier)
        {
            _ = message.Attribute(IflaCarrier, (byte)(carrier ? 1 : 0));
        }

        if (generation)
        {
            int families = message.BeginNested(IflaAfSpec);
            int ipv6 = message.BeginNested(FamilyIpv6);
            _ = message.Attribute(IflaInet6AddressGenerationMode, AddressGenerationModeNone);
            _ = message.EndNested(ipv6).EndNested(families);
        }

        return message.Bytes.Length == empty ? null : message;
    }

    private static void AddNumber(NetlinkMessage message, ushort type, long? value)
    {
        if (value is { } number)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            _ = message.Attribute(type, (uint)number);
        }
    }

    private static LinkEntry? ReadLink(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<LinkHeader>())
        {
            return null;
        }

        LinkHeader header = MemoryMarshal.Read<LinkHeader>(payload);
        LinkEntry link = new()
        {
            Index = header.Index,
            Name = string.Empty,
            IsUp = (header.Flags & InterfaceFlagUp) != 0,
            IsEthernet = header.Type == HardwareEthernet,
        };
        NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<LinkHeader>()..]);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            link = type switch
            {
                IflaInterfaceName => link with { Name = NetlinkAttributes.ToText(value) },
                IflaMtu => link with { Mtu = (int)NetlinkAttributes.ToNumber(value) },
                IflaTxQueueLength => link with { TxQueueLength = (int)NetlinkAttributes.ToNumber(value) },
                IflaAlias => link with { Alias = NetlinkAttributes.ToText(value) },
                IflaGroup => link with { Group = NetlinkAttributes.ToNumber(value) },
                IflaCarrier => link with { HasCarrier = value.Length > 0 && value[0] != 0 },
                IflaGsoMaxSize => link with { GsoMaxSize = NetlinkAttributes.ToNumber(value) },
                IflaLinkInfo => link with { Kind = ReadKind(value) },
                IflaAfSpec => link with { AddressGenerationNone = ReadAddressGeneration(value) },
                _ => link,
            };
        }

        return link;
    }

    private static string? ReadKind(ReadOnlySpan<byte> information)
    {
        NetlinkAttributes attributes = new(information);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            if (type == IflaInfoKind)
            {
                return NetlinkAttributes.ToText(value);
            }
        }

        return null;
    }

    private static bool? ReadAddressGeneration(ReadOnlySpan<byte> families)
    {
        NetlinkAttributes attributes = new(families);
        while (attributes.TryNext(out int family, out ReadOnlySpan<byte> settings))
        {
            NetlinkAttributes inner = new(family == FamilyIpv6 ? settings : default);
            while (inner.TryNext(out int type, out ReadOnlySpan<byte> value))
            {
                if (type == IflaInet6AddressGenerationMode && value.Length > 0)
                {
                    return value[0] == AddressGenerationModeNone;
                }
            }
        }

        return null;
    }

    /// <summary>struct ifinfomsg</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LinkHeader
    {
        internal byte Family;
        internal byte Padding;
        internal ushort Type;
        internal int Index;
        internal uint Flags;
        internal uint Change;
    }
}

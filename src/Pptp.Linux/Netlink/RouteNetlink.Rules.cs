using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <content>Rules of policy routing: RTM_*RULE.</content>
public sealed partial class RouteNetlink
{
    private const ushort RtmNewRule = 32;
    private const ushort RtmDeleteRule = 33;
    private const ushort RtmGetRule = 34;
    private const ushort FraDestination = 1;
    private const ushort FraSource = 2;
    private const ushort FraInputInterface = 3;
    private const ushort FraPriority = 6;
    private const ushort FraMark = 10;
    private const ushort FraTable = 15;
    private const ushort FraMarkMask = 16;
    private const ushort FraOutputInterface = 17;
    private const ushort FraProtocol = 21;

    /// <summary>Adds a rule that sends packets to a table.</summary>
    /// <exception cref="LinuxException">
    /// EEXIST: there is one like it. EOPNOTSUPP: no policy routing in the kernel.
    /// </exception>
    public void AddRule(RuleEntry rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ushort flags = NetlinkSocket.Request | NetlinkSocket.Acknowledge | NetlinkSocket.Create
            | NetlinkSocket.Exclusive;
        _socket.Execute(BuildRule(RtmNewRule, flags, rule)).ThrowIfFailed("RTM_NEWRULE", DescribeRule(rule));
    }

    /// <summary>
    /// Removes the rule that agrees in all that <paramref name="rule"/> states. False if there is none.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool RemoveRule(RuleEntry rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ushort flags = NetlinkSocket.Request | NetlinkSocket.Acknowledge;
        return _socket.Execute(BuildRule(RtmDeleteRule, flags, rule))
            .SucceededUnless(Errno.ENOENT, "RTM_DELRULE", DescribeRule(rule));
    }

    /// <summary>All IPv4 and IPv6 rules, the kernel's three included, or those made by one protocol number.</summary>
    /// <param name="protocol">The FRA_PROTOCOL wanted; 0: all.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<RuleEntry> ListRules(byte protocol = 0) =>
        List(
            new NetlinkMessage(RtmGetRule, NetlinkSocket.Request | NetlinkSocket.Dump).Body(default(RuleHeader)),
            "RTM_GETRULE",
            RtmNewRule,
            payload => ReadRule(payload) is { } rule && (protocol == 0 || rule.Protocol == protocol) ? rule : null);

    /// <summary>Removes every rule made by one protocol number.</summary>
    /// <param name="protocol">Not 0.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public int RemoveRules(byte protocol)
    {
        ArgumentOutOfRangeException.ThrowIfZero(protocol);
        int removed = 0;
        foreach (RuleEntry rule in ListRules(protocol))
        {
            removed += RemoveRule(rule) ? 1 : 0;
        }

        return removed;
    }

    private static NetlinkMessage BuildRule(ushort type, ushort flags, RuleEntry rule)
    {
        byte family = FamilyOf(rule.Source?.BaseAddress.AddressFamily
            ?? rule.Destination?.BaseAddress.AddressFamily
            ?? rule.Family);
        NetlinkMessage message = new NetlinkMessage(type, flags)
            .Body(new RuleHeader
            {
                Family = family,
                DestinationLength = (byte)(rule.Destination?.PrefixLength ?? 0),
                SourceLength = (byte)(rule.Source?.PrefixLength ?? 0),
                Table = rule.Table <= byte.MaxValue ? (byte)rule.Table : TableUnspecified,
                Action = rule.Action,
            })
            .Attribute(FraPriority, rule.Priority)
            .Attribute(FraProtocol, rule.Protocol);
        if (rule.Table != 0)
        {
            _ = message.Attribute(FraTable, rule.Table);
        }

        AddPrefix(message, FraSource, rule.Source, family);
        AddPrefix(message, FraDestination, rule.Destination, family);
        if (rule.InputInterface is { } input)
        {
            _ = message.AttributeString(FraInputInterface, input);
        }

        if (rule.OutputInterface is { } output)
        {
            _ = message.AttributeString(FraOutputInterface, output);
        }

        return rule.Mark is { } mark
            ? message.Attribute(FraMark, mark).Attribute(FraMarkMask, uint.MaxValue)
            : message;
    }

    private static void AddPrefix(NetlinkMessage message, ushort type, IPNetwork? prefix, byte family)
    {
        if (prefix is not { } network)
        {
            return;
        }

        if (FamilyOf(network.BaseAddress.AddressFamily) != family)
        {
            throw new ArgumentException($"{network} is not of the rule's family.", nameof(prefix));
        }

        // The kernel takes an address of length 0 for a mistake.
        if (network.PrefixLength > 0)
        {
            _ = message.Attribute(type, network.BaseAddress);
        }
    }

    private static string DescribeRule(RuleEntry rule) =>
        $"rule {rule.Priority} from {rule.Source?.ToString() ?? "all"} to {rule.Destination?.ToString() ?? "all"}"
        + $" table {rule.Table}";

    private static RuleEntry? ReadRule(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<RuleHeader>())
        {
            return null;
        }

        RuleHeader header = MemoryMarshal.Read<RuleHeader>(payload);
        if (header.Family is not (FamilyIpv4 or FamilyIpv6))
        {
            return null;
        }

        RuleEntry rule = new()
        {
            Family = header.Family == FamilyIpv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
            Priority = 0,
            Table = header.Table,
            Action = header.Action,
        };
        NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<RuleHeader>()..]);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            rule = type switch
            {
                FraSource => rule with { Source = ReadPrefix(value, header.SourceLength) },
                FraDestination => rule with { Destination = ReadPrefix(value, header.DestinationLength) },
                FraInputInterface => rule with { InputInterface = NetlinkAttributes.ToText(value) },
                FraOutputInterface => rule with { OutputInterface = NetlinkAttributes.ToText(value) },
                FraPriority => rule with { Priority = NetlinkAttributes.ToNumber(value) },
                FraMark => rule with { Mark = NetlinkAttributes.ToNumber(value) },
                FraTable => rule with { Table = NetlinkAttributes.ToNumber(value) },
                FraProtocol => rule with { Protocol = value.Length > 0 ? value[0] : (byte)0 },
                _ => rule,
            };
        }

        return rule;
    }

    private static IPNetwork? ReadPrefix(ReadOnlySpan<byte> value, int length) =>
        NetlinkAttributes.ToAddress(value) is { } address ? new IPNetwork(address, length) : null;

    /// <summary>struct fib_rule_hdr</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RuleHeader
    {
        internal byte Family;
        internal byte DestinationLength;
        internal byte SourceLength;
        internal byte TypeOfService;
        internal byte Table;
        internal byte Reserved1;
        internal byte Reserved2;
        internal byte Action;
        internal uint Flags;
    }
}

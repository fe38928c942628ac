using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <summary>
/// What is asked of nftables without its library: a table that masquerades, deleting a table, and listing base
/// chains. A kernel without nf_tables is a value. Source: linux/netfilter/nfnetlink.h and nf_tables.h.
/// </summary>
public sealed partial class NetfilterTables : IDisposable
{
    private const int NetlinkNetfilter = 12;
    private const ushort SubsystemTables = 10; // NFNL_SUBSYS_NFTABLES
    private const ushort BatchBegin = 0x10;
    private const ushort BatchEnd = 0x11;
    internal const byte MessageNewTable = 0;
    internal const byte MessageNewChain = 3;
    private const byte MessageDeleteTable = 2;
    private const byte MessageGetChain = 4;
    internal const ushort TableName = 1;
    internal const ushort ChainTable = 1;
    internal const ushort ChainName = 3;
    internal const ushort ChainHook = 4;
    internal const ushort ChainPolicy = 5;
    internal const ushort HookNumber = 1;
    internal const ushort HookPriority = 2;
    private const ushort ChainUse = 6;
    private const uint PolicyDrop = 0;

    private readonly NetlinkSocket? _socket;

    /// <summary>Opens the socket in this thread's network namespace, where it stays.</summary>
    /// <exception cref="LinuxException">EMFILE, ENFILE or ENOMEM from socket.</exception>
    public NetfilterTables()
    {
        try
        {
            _socket = new NetlinkSocket(NetlinkNetfilter, "nfnetlink");
        }
        catch (LinuxException e) when (e.Errno is Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT)
        {
            // No netfilter in the kernel at all: every question is answered by NotSupported.
        }
    }

    /// <summary>Deletes a table with all it holds.</summary>
    /// <exception cref="LinuxException">
    /// The kernel refused for a reason that is no <see cref="NetfilterResult"/>.
    /// </exception>
    public NetfilterResult DeleteTable(NetfilterFamily family, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        NetlinkMessage batch = BeginBatch();
        _ = BeginMessage(batch, MessageDeleteTable, 0, family).AttributeString(TableName, name);
        return Run(batch, 1, "NFT_MSG_DELTABLE", $"table {family} {name}");
    }

    /// <summary>The base chains of all families that packets of IP pass.</summary>
    /// <param name="chains">Empty unless the result is <see cref="NetfilterResult.Done"/>.</param>
    /// <remarks>
    /// Tells whether something may stand in the way, not whether it does: rules are counted, not read. Sees nftables
    /// and iptables-nft; not iptables-legacy (see <see cref="KernelProbes.ReadLegacyTables"/>), not eBPF, and nothing
    /// outside this network namespace.
    /// </remarks>
    /// <exception cref="LinuxException">
    /// The kernel refused for a reason that is no <see cref="NetfilterResult"/>.
    /// </exception>
    public NetfilterResult ListBaseChains(out IReadOnlyList<NetfilterChain> chains)
    {
        List<NetfilterChain> found = [];
        chains = [];
        if (_socket is null)
        {
            return NetfilterResult.NotSupported;
        }

        NetlinkMessage request = new NetlinkMessage(
            Type(MessageGetChain), NetlinkSocket.Request | NetlinkSocket.Dump).Body(default(MessageHeader));
        NetlinkReply reply = _socket.ExecuteDump(
            request,
            found.Clear,
            (type, payload) =>
            {
                if (type == Type(MessageNewChain) && ReadChain(payload) is { } chain)
                {
                    found.Add(chain);
                }
            });
        NetfilterResult result = Interpret(reply, "NFT_MSG_GETCHAIN", "all chains");
        if (result == NetfilterResult.Done)
        {
            chains = found;
        }

        return result;
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>A batch is a transaction: all of it is done, or nothing.</summary>
    internal static NetlinkMessage BeginBatch() =>
        new NetlinkMessage(BatchBegin, NetlinkSocket.Request).Body(BatchHeader());

    internal static NetlinkMessage BeginMessage(
        NetlinkMessage batch, byte message, ushort flags, NetfilterFamily family) =>
        batch
            .Begin(Type(message), (ushort)(NetlinkSocket.Request | NetlinkSocket.Acknowledge | flags))
            .Body(new MessageHeader { Family = (byte)family });

    internal NetfilterResult Run(NetlinkMessage batch, int acknowledgements, string call, string target)
    {
        _ = batch.Begin(BatchEnd, NetlinkSocket.Request).Body(BatchHeader());
        return _socket is null
            ? NetfilterResult.NotSupported
            : Interpret(_socket.Execute(batch, acknowledgements), call, target);
    }

    private static NetfilterResult Interpret(NetlinkReply reply, string call, string target) => reply.Errno switch
    {
        0 => NetfilterResult.Done,
        Errno.ENOENT => NetfilterResult.NotFound,
        Errno.EOPNOTSUPP or Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT => NetfilterResult.NotSupported,
        Errno.EPERM => NetfilterResult.NotPermitted,
        _ => throw reply.Failure(call, target),
    };

    private static ushort Type(byte message) => (ushort)((SubsystemTables << 8) | message);

    private static MessageHeader BatchHeader() =>
        new() { ResourceBigEndian = BinaryPrimitives.ReverseEndianness(SubsystemTables) };

    private static NetfilterChain? ReadChain(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<MessageHeader>())
        {
            return null;
        }

        NetfilterFamily family = (NetfilterFamily)payload[0];
        if (family is not (NetfilterFamily.Inet or NetfilterFamily.Ipv4 or NetfilterFamily.Ipv6))
        {
            return null;
        }

        NetfilterChain chain = new(family, string.Empty, string.Empty, default, 0, false, 0);
        bool isBase = false;
        NetlinkAttributes attributes = new(payload[Unsafe.SizeOf<MessageHeader>()..]);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            switch (type)
            {
                case ChainTable:
                    chain = chain with { Table = NetlinkAttributes.ToText(value) };
                    break;
                case ChainName:
                    chain = chain with { Name = NetlinkAttributes.ToText(value) };
                    break;
                case ChainHook:
                    isBase = true;
                    chain = ReadHook(chain, value);
                    break;
                case ChainPolicy:
                    chain = chain with { DropsByDefault = ToNumber(value) == PolicyDrop };
                    break;
                case ChainUse:
                    chain = chain with { RuleCount = (int)ToNumber(value) };
                    break;
                default:
                    break;
            }
        }

        return isBase ? chain : null;
    }

    private static NetfilterChain ReadHook(NetfilterChain chain, ReadOnlySpan<byte> hook)
    {
        NetlinkAttributes attributes = new(hook);
        while (attributes.TryNext(out int type, out ReadOnlySpan<byte> value))
        {
            chain = type switch
            {
                HookNumber => chain with { Hook = (NetfilterHook)ToNumber(value) },
                HookPriority => chain with { Priority = (int)ToNumber(value) },
                _ => chain,
            };
        }

        return chain;
    }

    private static uint ToNumber(ReadOnlySpan<byte> value) =>
        value.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;

    /// <summary>struct nfgenmsg</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        internal byte Family;
        internal byte Version;
        internal ushort ResourceBigEndian;
    }
}

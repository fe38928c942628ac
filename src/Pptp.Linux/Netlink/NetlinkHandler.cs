namespace Pptp.Linux;

/// <summary>Gets one message of a dump: its type, and what follows the netlink header.</summary>
internal delegate void NetlinkHandler(ushort type, ReadOnlySpan<byte> payload);

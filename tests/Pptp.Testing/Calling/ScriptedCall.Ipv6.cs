using System.Buffers.Binary;
using System.Net;

namespace Pptp.Testing.Calling;

/// <content>IPv6 (RFC 5072).</content>
public sealed partial class ScriptedCall
{
    private const byte IdentifierOption = 1;

    private readonly Negotiation _ipv6cp;

    /// <summary>Both ends have acknowledged the other's interface identifier.</summary>
    public bool IsIpv6Up => _ipv6cp.IsOpen;

    /// <summary>What the server asked for as its own; 0: nothing.</summary>
    public ulong PeerIdentifier { get; private set; }

    /// <summary>What we have in the end.</summary>
    public ulong Identifier =>
        BinaryPrimitives.ReadUInt64BigEndian(_ipv6cp.Options.Single(option => option.Type == IdentifierOption).Data);

    /// <summary>Our link-local address.</summary>
    public IPAddress LinkLocalAddress => LinkLocal(Identifier);

    /// <summary>The server's.</summary>
    public IPAddress PeerLinkLocalAddress => LinkLocal(PeerIdentifier);

    public Task WaitForIpv6Async(TimeSpan? timeout = null) => WaitAsync(() => IsIpv6Up, "IPv6", timeout);

    /// <summary>Sends an IPv6CP Terminate-Request.</summary>
    public void TerminateIpv6() =>
        SendFrame(PppWire.Ipv6cp, PppWire.Packet(PppWire.TerminateRequest, 0x66, default));

    private static IPAddress LinkLocal(ulong identifier) =>
        new([0xFE, 0x80, 0, 0, 0, 0, 0, 0, .. OctetsOf(identifier)]);

    private static byte[] OctetsOf(ulong identifier)
    {
        byte[] octets = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(octets, identifier);
        return octets;
    }

    private static ushort ProtocolOf(ReadOnlySpan<byte> ip) =>
        !ip.IsEmpty && ip[0] >> 4 == 6 ? PppWire.Ipv6 : PppWire.Ip;
}

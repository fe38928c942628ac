using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.DataPlane;

/// <content>IPv6 inside the tunnel.</content>
internal sealed partial class DataPath
{
    // RFC 4861 §4.1, §4.2, §4.5.
    private const byte RouterSolicitation = 133;
    private const byte RouterAdvertisement = 134;
    private const byte Redirect = 137;

    private const ulong LinkLocal = 0xFE80_0000_0000_0000;

    /// <summary>ff02::/16.</summary>
    private const int LinkLocalMulticast = 0xFF02;

    /// <summary>A solicitation that follows another sooner is answered by what answers that one.</summary>
    private static readonly TimeSpan SolicitationInterval = TimeSpan.FromSeconds(1);

    private Ipv6PathParameters? _ipv6;
    private TimeSpan _nextSolicitation;

    /// <summary>From here on IPv6 goes both ways, or with null no more.</summary>
    public void SetIpv6(Ipv6PathParameters? parameters) => _ipv6 = parameters;

    /// <summary>
    /// Sends a packet of our own as one that was read from the TUN, but without limit, rate or counter: it is none of
    /// the user's.
    /// </summary>
    public void SendOwn(ReadOnlySpan<byte> ip, TimeSpan now)
    {
        Span<byte> room = _buffers.FromTun;
        if (_open is not { } open || IsHalted || !ip.TryCopyTo(room[2..]))
            return;
        Transmit(open, room[..(2 + ip.Length)], now);
    }

    /// <summary>Whether this is a protocol of packets that go to the TUN.</summary>
    private bool Carries(ushort protocol) =>
        protocol == PppProtocol.Ipv4 || (protocol == PppProtocol.Ipv6 && _ipv6 is not null);

    /// <summary>What comes unasked from time to time is no sign that somebody uses the tunnel.</summary>
    private static bool IsRouterAdvertisement(ReadOnlySpan<byte> ip) =>
        ip[0] >> 4 == 6 && Ipv6Packet.NextHeader(ip) == Ipv6Packet.IcmpV6
        && ip.Length > Ipv6Packet.HeaderLength && ip[Ipv6Packet.HeaderLength] == RouterAdvertisement;

    private static ushort ProtocolOf(ReadOnlySpan<byte> ip) => ip[0] >> 4 == 6 ? PppProtocol.Ipv6 : PppProtocol.Ipv4;

    private bool MayLeave(ReadOnlySpan<byte> ip) => _ipv6 is not null && Ipv6Packet.IsWhole(ip);

    /// <summary>Whether a packet from the peer is for the TUN; else it is done with.</summary>
    private bool MayEnter(Ipv6PathParameters ipv6, ReadOnlySpan<byte> ip, TimeSpan now)
    {
        if (!Ipv6Packet.IsWhole(ip))
        {
            _dropped++;
            return false;
        }
        if (!IsAllowed(ipv6, ip))
        {
            _spoofed++;
            return false;
        }
        if (!ipv6.IsRouter
            || !Ipv6Packet.TryFindUpperLayer(ip, out byte protocol, out int offset) || protocol != Ipv6Packet.IcmpV6)
        {
            return true;
        }
        switch (ip[offset])
        {
            case RouterSolicitation:
                if (now >= _nextSolicitation)
                {
                    _nextSolicitation = now + SolicitationInterval;
                    Owner.OnRouterSolicitation();
                }
                return false;
            case RouterAdvertisement or Redirect:
                _spoofed++;
                return false;
            default:
                return true;
        }
    }

    private static bool IsAllowed(Ipv6PathParameters ipv6, ReadOnlySpan<byte> ip)
    {
        UInt128 source = Ipv6Packet.Source(ip);
        if ((ulong)(source >> 64) == LinkLocal && (ulong)source == ipv6.RemoteIdentifier)
            return true;
        for (int i = 0; i < ipv6.AllowedSources.Count; i++)
        {
            if (ipv6.AllowedSources[i].Contains(source))
                return true;
        }
        // Who has no address yet asks its neighbours whether one is free, and says which groups it is in.
        return source == 0
            && (int)(Ipv6Packet.Destination(ip) >> 112) == LinkLocalMulticast
            && Ipv6Packet.NextHeader(ip) is Ipv6Packet.IcmpV6 or Ipv6Packet.HopByHopOptions;
    }
}

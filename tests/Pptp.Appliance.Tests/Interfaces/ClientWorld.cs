using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Tests.State;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Testing.Traffic;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>A host with one wire, its networks 192.0.2.0/24, and a file of name servers.</summary>
internal sealed class ClientWorld : IDisposable
{
    /// <summary>A neighbour on the wire.</summary>
    public static readonly IPAddress Router = IPAddress.Parse("192.0.2.254");

    public static readonly IPNetwork Default = IPNetwork.Parse("0.0.0.0/0");

    private readonly TunDevice _wire = TunDevice.Create("wire");

    /// <param name="time">The clock of what happens by itself; null: the real one.</param>
    public ClientWorld(TimeProvider? time = null)
    {
        File.WriteAllText(ResolvConf, "nameserver 198.51.100.53\n");
        Table = new InterfaceTable(Netlink, new PeerDns(ResolvConf, Log), Firewall, time ?? TimeProvider.System, Log, Log);
        Netlink.ChangeLink(Wire, new LinkChange { AddressGenerationNone = true, Up = true });
        Netlink.AddAddress(Wire, IPAddress.Parse("192.0.2.1"), null, 24);
    }

    public RouteNetlink Netlink { get; } = new();

    public Firewall Firewall { get; } = new(Nftables.TryOpen, new ListLogger());

    public InterfaceTable Table { get; }

    public ListLogger Log { get; } = new();

    public string ResolvConf { get; } = Path.GetTempFileName();

    public int Wire => _wire.Index;

    public static void Send(IPAddress destination, byte content = 0)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.EnableBroadcast = true;
        socket.SendTo([content], new IPEndPoint(destination, 9));
    }

    public static byte[]? Read(TunDevice tun)
    {
        byte[] packet = new byte[2048];
        int length = tun.Read(packet);
        if (length < 0)
            return null;
        Assert.That(Segmenter.TryRead(packet.AsSpan(0, length), out _), Is.True);
        Assert.That(Ipv4Packet.TryReadUdp(packet.AsSpan(tun.HeaderLength..length), out _, out _, out _), Is.True);
        return packet[tun.HeaderLength..length];
    }

    /// <summary>A packet that comes from the wire.</summary>
    public void Hear(ReadOnlySpan<byte> packet) => Assert.That(_wire.Write(packet), Is.EqualTo(TunWriteResult.Written));

    public IClientInterface Create(PptpClient client) => Table.Clients.Create(client, FirewallMembership.None);

    public LinkEntry? Link(string name) => Netlink.FindLink(name);

    /// <summary>Those of all interfaces but the wire and the host's own.</summary>
    public IReadOnlyList<AddressEntry> Addresses() =>
        [.. Netlink.ListAddresses().Where(address => address.Index != Wire && address.Index != 1)];

    public IReadOnlyList<RouteEntry> OurRoutes() => Netlink.ListRoutes(Ownership.RouteProtocol);

    public IEnumerable<(int? Index, uint Metric)> DefaultRoutes() => Netlink.ListRoutes()
        .Where(route => route.Destination == Default)
        .Select(route => (route.InterfaceIndex, route.Metric));

    public void AddDefaultRoute(uint metric) => Netlink.AddRoute(new RouteEntry
    {
        Destination = Default,
        Gateway = Router,
        InterfaceIndex = Wire,
        Metric = metric,
        Protocol = 3,
    });

    /// <summary>The interface by whose address the kernel would send to it.</summary>
    public int WayTo(IPAddress destination)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(destination, 9);
        IPAddress source = ((IPEndPoint)socket.LocalEndPoint!).Address;
        return Netlink.ListAddresses().Single(address => address.Local.Equals(source)).Index;
    }

    public void Dispose()
    {
        Table.Dispose();
        Firewall.Dispose();
        _wire.Dispose();
        Netlink.Dispose();
        File.Delete(ResolvConf);
    }
}

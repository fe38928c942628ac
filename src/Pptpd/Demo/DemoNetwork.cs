using System.Net;
using Pptp.Linux;

namespace Pptpd.Demo;

/// <summary>Two network namespaces and a cable between them. None of it has a name outside, so none stays.</summary>
internal sealed class DemoNetwork : IDisposable
{
    private const string CableEnd = "cable";
    private const int PrefixLength = 24;

    private DemoNetwork(NetworkNamespaceHandle server, NetworkNamespaceHandle client)
    {
        Server = server;
        Client = client;
    }

    public NetworkNamespaceHandle Server { get; }

    public NetworkNamespaceHandle Client { get; }

    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static DemoNetwork Create(IPAddress server, IPAddress client)
    {
        DemoNetwork network = new(NetworkNamespaceHandle.Create(), NetworkNamespaceHandle.Create());
        try
        {
            network.Server.Run(() =>
            {
                using RouteNetlink netlink = new();
                netlink.AddCable(CableEnd, CableEnd, network.Client.Descriptor);
            });
            Raise(network.Server, server);
            Raise(network.Client, client);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public NetworkNamespaceHandle Of(DemoHalf half) => half == DemoHalf.Server ? Server : Client;

    /// <summary>The tunnel interfaces that are there now, of both sides.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<string> TunnelInterfaces() =>
        [.. TunnelInterfaces(Server), .. TunnelInterfaces(Client)];

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }

    private static void Raise(NetworkNamespaceHandle where, IPAddress address) => where.Run(() =>
    {
        using RouteNetlink netlink = new();
        int index = netlink.FindLink(CableEnd)!.Index;
        netlink.ChangeLink(index, new LinkChange { AddressGenerationNone = true, Up = true });
        netlink.AddAddress(index, address, null, PrefixLength);
    });

    private static string[] TunnelInterfaces(NetworkNamespaceHandle where) => where.Run(() =>
    {
        using RouteNetlink netlink = new();
        return netlink.ListLinks().Where(link => link.Kind == "tun").Select(link => link.Name).ToArray();
    });
}

using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>The interfaces of the tunnels we dial, and what they share.</summary>
/// <param name="netlink">Of the daemon's namespace.</param>
/// <param name="peerDns">Takes the name servers that servers give us.</param>
/// <param name="firewall">Filters and lists interfaces.</param>
/// <param name="logger">For what goes wrong.</param>
internal sealed class ClientInterfaces(RouteNetlink netlink, PeerDns peerDns, Firewall firewall, ILogger logger)
    : IClientInterfaces, IDisposable
{
    public RouteNetlink Netlink { get; } = netlink;

    public PeerDns PeerDns { get; } = peerDns;

    public Firewall Firewall { get; } = firewall;

    public ILogger Logger { get; } = logger;

    public Ipv6Setup Ipv6 { get; } = new(netlink, logger);

    public ServerRoutes ServerRoutes { get; } = new(netlink, logger);

    public StandByWatch Watch { get; } = new(logger);

    public StandInAddresses StandIns { get; } = new();

    /// <summary>Takes a Linux name as it is. False: a login has it.</summary>
    public required Func<string, bool> TryHoldName { get; init; }

    /// <summary>Gives it back.</summary>
    public required Action<string> LetGoName { get; init; }

    /// <summary>Takes an interface out of use and deletes it some time.</summary>
    public required Action<TunDevice> Bury { get; init; }

    public IClientInterface Create(PptpClient client, FirewallMembership firewall)
    {
        if (!TryHoldName(client.Name))
            throw new InvalidOperationException($"a session's interface is named {client.Name}");
        try
        {
            return new ClientInterface(client, firewall, this);
        }
        catch
        {
            LetGoName(client.Name);
            throw;
        }
    }

    /// <summary>Takes back what interfaces have done to the host that were not disposed of in time.</summary>
    public void Dispose()
    {
        Watch.Dispose();
        PeerDns.RemoveAll();
        ServerRoutes.RemoveAll();
    }
}

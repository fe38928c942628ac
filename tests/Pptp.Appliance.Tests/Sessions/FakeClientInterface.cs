using System.Net;
using Pptp.Appliance.Interfaces;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>An interface without a kernel: what was wanted of it is written down.</summary>
internal sealed class FakeClientInterface : IClientInterface
{
    public ClientNetwork? Network { get; private set; }

    /// <summary>What the kernel would refuse with; null: nothing.</summary>
    public Exception? Refusal { get; set; }

    public void StandBy(Action onTraffic) => onTraffic();

    public void Reach(IPAddress server)
    {
    }

    public ClientConnection Connect(ClientNetwork network)
    {
        Network = network;
        return Refusal is null
            ? new ClientConnection(null!, [[1, 2, 3]], IPAddress.Parse("10.112.112.1"))
            : throw Refusal;
    }

    public Ipv6InterfaceSettings? Ipv6 { get; private set; }

    public void AddIpv6(Ipv6InterfaceSettings settings) => Ipv6 = settings;

    public void Disconnect()
    {
        Network = null;
        Ipv6 = null;
    }

    public void Dispose()
    {
    }
}

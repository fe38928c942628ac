using System.Net;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>The interfaces of the tunnels we dial.</summary>
internal sealed class ClientInterfaces : IClientInterfaces
{
    private readonly RouteNetlink _netlink;
    private readonly InterfaceNames _names;
    private readonly Action<TunDevice> _bury;

    public ClientInterfaces(RouteNetlink netlink, InterfaceNames names, Action<TunDevice> bury)
    {
        _netlink = netlink;
        _names = names;
        _bury = bury;
    }

    public IClientInterface Create(PptpClient client)
    {
        if (!_names.TryHold(client.Name))
            throw new InvalidOperationException($"a session's interface is named {client.Name}");
        try
        {
            return new ClientInterface(client.Name, this);
        }
        catch
        {
            _names.LetGo(client.Name);
            throw;
        }
    }

    private sealed class ClientInterface : IClientInterface
    {
        private readonly string _name;
        private readonly ClientInterfaces _owner;
        private TunDevice _tun;
        private ClientNetwork? _network;

        public ClientInterface(string name, ClientInterfaces owner)
        {
            _name = name;
            _owner = owner;
            _tun = Make();
        }

        public void StandBy(Action onTraffic)
        {
        }

        public void Reach(IPAddress server)
        {
        }

        public ClientConnection Connect(ClientNetwork network)
        {
            if (_owner._netlink.FindLink(_tun.Index) is null)
            {
                _tun.Dispose();
                _tun = Make();
            }
            _owner._netlink.ChangeLink(_tun.Index, new LinkChange { Up = false, Mtu = network.Mtu });
            _tun.SetCarrier(true);
            _owner._netlink.AddAddress(_tun.Index, network.LocalAddress, network.RemoteAddress, 32);
            _network = network;
            _owner._netlink.ChangeLink(_tun.Index, new LinkChange { Up = true });
            return new ClientConnection(_tun, [], null);
        }

        public void Disconnect()
        {
            if (_network is not { } network)
                return;
            _network = null;
            _owner._netlink.ChangeLink(_tun.Index, new LinkChange { Up = false });
            _tun.SetCarrier(false);
            _owner._netlink.RemoveAddress(_tun.Index, network.LocalAddress, network.RemoteAddress, 32);
            _owner._netlink.ChangeLink(_tun.Index, new LinkChange { Up = true });
        }

        public void Dispose()
        {
            Disconnect();
            _owner._bury(_tun);
            _owner._names.LetGo(_name);
        }

        private TunDevice Make()
        {
            TunDevice tun = TunDevice.Create(_name);
            try
            {
                tun.SetCarrier(false);
                _owner._netlink.ChangeLink(tun.Index, new LinkChange
                {
                    Group = Ownership.LiveGroup,
                    AddressGenerationNone = true,
                    Up = true,
                });
                return tun;
            }
            catch
            {
                tun.Dispose();
                throw;
            }
        }
    }
}

using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <content>What the PPP link brings on its way up and down.</content>
internal sealed partial class ClientTunnel
{
    private void DrainLink(TimeSpan now)
    {
        while (_link is { } link && link.TryTake(out PppEvent? linkEvent))
        {
            // What the link says at its end still leaves; what it learns then is of no use.
            if (linkEvent is PppEvent.Send send)
                _path!.Send(send.Frame);
            else if (!_isEnding)
                OnLinkEvent(linkEvent, now);
        }
    }

    private void OnLinkEvent(PppEvent linkEvent, TimeSpan now)
    {
        switch (linkEvent)
        {
            case PppEvent.LcpUp up:
                if (Client.Mrru is not null)
                    _path!.TakeFragments(up.Multilink?.Mrru);
                Log.LcpUp(_services.Loggers.PppDebug, Client.Name, up.PeerMru, LoginMethods.Word(up.Method));
                break;
            case PppEvent.LoggedIn loggedIn:
                _keys = loggedIn.Keys;
                _keepalive = new Keepalive(Client.KeepaliveTimeout, now);
                _monitor.OnAuthenticated();
                break;
            case PppEvent.EncryptionUp encryption:
                _monitor.OnEncoding(LinkData.EncodingName(encryption.Strength, encryption.Stateless));
                break;
            case PppEvent.EncryptionRefused refused:
                _monitor.OnInClear(refused.Detail);
                break;
            case PppEvent.EncryptorResetRequested:
                _path!.ResetTransmit();
                break;
            case PppEvent.NetworkUp up:
                Connect(up.Parameters);
                break;
            case PppEvent.NetworkDown:
                _path!.Halt();
                break;
            case PppEvent.Ipv6Up up:
                OnIpv6Up(up);
                break;
            case PppEvent.Ipv6Refused refused:
                Log.Ipv6Refused(_services.Loggers.Ppp, Client.Name, LogText.Escape(refused.Detail));
                break;
            case PppEvent.Ipv6Down down:
                OnIpv6Down(down.Reason);
                break;
            case PppEvent.Closed closed:
                End(TextOf(closed), now);
                break;
        }
    }

    private void Connect(NetworkParameters network)
    {
        _network = network.RemoteAddress.Equals(IPAddress.Any) ? network with { RemoteAddress = NamelessPeer } : network;
        ClientNetwork wanted = new(_network.LocalAddress, _network.RemoteAddress, _network.Mtu, _network.GivenDnsServers)
        {
            QueueLength = DirectionRate.QueueLengthFor(_settings.RateLimit),
        };
        _isMakingInterface = true;
        _ = Task.Run(() =>
        {
            try
            {
                ClientConnection connection = _interface.Connect(wanted);
                Post(now => OnInterfaceReady(connection, null, now));
            }
            catch (Exception e)
            {
                Post(now => OnInterfaceReady(null, e, now));
            }
        });
    }

    private void OnInterfaceReady(ClientConnection? connection, Exception? failure, TimeSpan now)
    {
        _isMakingInterface = false;
        if (failure is not null)
        {
            Log.NoInterface(_services.Loggers.PppError, Client.Name, failure.Message);
            Terminate("no interface available", now);
        }
        if (_isEnding || connection is null)
            return;
        NetworkParameters network = _network!;
        _path!.Open(LinkData.Of(connection.Tun, network, _keys, AnySource, _settings.ChangeTcpMss) with
        {
            Held = connection.Held,
            RateLimit = _settings.RateLimit,
            Readdress = connection.StandIn is { } standIn
                ? (Ipv4Range.ToNumber(standIn), Ipv4Range.ToNumber(network.LocalAddress))
                : null,
        });
        _keys = null;
        _connectedAt = now;
        _timeouts = new SessionTimeouts(_settings.SessionTimeout, _settings.IdleTimeout, now);
        _monitor.OnConnected(network);
        RunHook("on-up", _settings.OnUp);
        AddIpv6();
    }

    /// <summary>RouterOS' word where it has one, with what the server said of it.</summary>
    private static string TextOf(PppEvent.Closed closed) => closed.Cause switch
    {
        LinkCloseCause.PeerRequest => With("hungup", closed.Detail),
        LinkCloseCause.AuthenticationFailed => With("failed to authenticate ourselves to peer", closed.Detail),
        LinkCloseCause.AuthenticationMethodRefused => With("authentication method refused", closed.Detail),
        _ => closed.Detail,
    };

    private static string With(string word, string detail) =>
        detail.Length == 0 ? word : $"{word} ({LogText.Escape(detail)})";
}

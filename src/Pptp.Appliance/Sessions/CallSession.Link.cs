using System.Net;
using Pptp.Appliance.Aaa;
using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Diagnosis;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Control;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <content>What the PPP link asks for on its way up: access, addresses, an interface.</content>
internal sealed partial class CallSession
{
    private void DrainLink(TimeSpan now)
    {
        while (_link.TryTake(out PppEvent? linkEvent))
        {
            // What the link says at its end still leaves; what it learns then is of no use.
            if (linkEvent is PppEvent.Send send)
                _path.Send(send.Frame);
            else if (!_ending)
                OnLinkEvent(linkEvent, now);
        }
    }

    private void OnLinkEvent(PppEvent linkEvent, TimeSpan now)
    {
        TellLinkEvent(linkEvent);
        switch (linkEvent)
        {
            case PppEvent.LcpUp up:
                _attempt++;
                ForgetRounds();
                if (_server.Mrru is not null)
                    _path.TakeFragments(up.Multilink?.Mrru);
                Log.LcpUp(_services.Loggers.PppDebug, Prefix, up.PeerMru);
                break;
            case PppEvent.CredentialsReceived received:
                AskForAccess(new AccessRequest(received.Credentials, _host.Remote, _host.Local)
                {
                    Session = Identity,
                    Continuation = _continuation,
                    PeerMru = _link.PeerMru,
                });
                break;
            case PppEvent.Authenticated:
                Log.Authenticated(_services.Loggers.Ppp, Prefix);
                _keepalive = new Keepalive(_server.KeepaliveTimeout, now);
                break;
            case PppEvent.EncryptionUp encryption:
                Log.Encoding(_services.Loggers.Ppp, Prefix, LinkData.EncodingName(encryption.Strength, encryption.Stateless));
                break;
            case PppEvent.EncryptionRefused refused:
                Log.InClear(_services.Loggers.PppWarning, Prefix, refused.Detail);
                break;
            case PppEvent.EncryptorResetRequested:
                _path.ResetTransmit();
                break;
            case PppEvent.NetworkUp up:
                MakeInterface(up.Parameters);
                break;
            case PppEvent.NetworkDown:
                _path.Halt();
                break;
            case PppEvent.Ipv6Up up:
                OnIpv6Up(up);
                break;
            case PppEvent.Ipv6Refused refused:
                Log.Ipv6Refused(_services.Loggers.Ppp, Prefix, LogText.Escape(refused.Detail));
                break;
            case PppEvent.Ipv6Down down:
                OnIpv6Down(down.Reason);
                break;
            case PppEvent.PeerIdentification identification:
                Log.PeerIs(_services.Loggers.PppDebug, Prefix, LogText.Escape(identification.Text.AsSpan()));
                break;
            case PppEvent.Closed closed:
                if (closed.Cause == LinkCloseCause.AuthenticationFailed && !_refused)
                    Log.LoginFailed(_services.Loggers.PppError, Prefix, LogText.Escape(closed.Detail));
                TimeSpan linger = _shuttingDown ? TimeSpan.Zero : LingerTimeout;
                End(TextOf(closed), ReasonOf(closed.Cause), CallDisconnectResult.AdminShutdown, now, linger);
                break;
        }
    }

    private void AskForAccess(AccessRequest request)
    {
        _pending++;
        _loginName = request.Credentials.UserName;
        int attempt = ++_attempt;
        _ = DecideAsync();

        async Task DecideAsync()
        {
            AccessDecision decision;
            try
            {
                decision = await _services.Access.DecideAsync(request, _ended.Token).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                decision = new AccessDecision.Reject(RefusalCause.NotChecked, e.Message);
            }
            if (decision is AccessDecision.Reject reject)
            {
                string user = LogText.Escape(request.Credentials.UserName);
                Log.AuthenticationFailed(_services.Loggers.PppError, Prefix, user, LogText.Escape(reject.ToString()));
            }
            _host.Post(this, new CallMessage.AccessDecided(decision, attempt));
        }
    }

    private void OnAccessDecided(CallMessage.AccessDecided decided, TimeSpan now)
    {
        TellDecision(decided.Decision);
        bool stale = _ending || decided.Attempt != _attempt || _parameters is not null;
        if (decided.Decision is AccessDecision.Reject reject)
        {
            _refused = true;
            // Whoever may try again is given the time a person needs; the authenticator counts the tries.
            if (reject.MayRetry)
                _loginDeadline = now + _server.LoginTimeout;
            if (!stale)
                _link.Refuse(reject.MayRetry, reject.Message, now, reject.ErrorCode, reject.EapPacket);
            return;
        }
        if (decided.Decision is AccessDecision.Challenge challenge)
        {
            if (!stale)
                GoOn(challenge, now);
            return;
        }
        _refused = false;
        AccessDecision.Accept accept = (AccessDecision.Accept)decided.Decision;
        if (stale)
        {
            accept.Keys?.Dispose();
            return;
        }
        _parameters = accept.Parameters;
        if (accept.PasswordChanged)
            Log.PasswordChanged(_services.Loggers.Account, LogText.Escape(_parameters.User), _host.Remote);
        _keys = accept.Keys;
        TakePlace(accept, now);
    }

    /// <summary>Gives a user who may come in what a session needs, and tells him so.</summary>
    private void Admit(AccessDecision.Accept accept, TimeSpan now)
    {
        _localLease = LeaseLocal(_parameters!.LocalAddress);
        _remoteLease = LeaseRemote(_parameters.RemoteAddress, _localLease?.Address);
        if (_localLease is null || _remoteLease is null)
        {
            Log.NoAddress(_services.Loggers.PppError, Prefix, LogText.Escape(_parameters.User),
                _localLease is null ? "local" : "remote",
                LogText.Escape((_localLease is null ? _parameters.LocalAddress : _parameters.RemoteAddress) switch
                {
                    null => "none is configured",
                    AddressSource.Pool pool => $"pool {pool.Name} has none left",
                    { } single => $"{single} is in use or no address",
                }));
            BlameAddress(
                _localLease is null ? _parameters.LocalAddress : _parameters.RemoteAddress,
                _localLease is null ? "local" : "remote");
            _link.Terminate("no address available", now);
            return;
        }
        if (!LeasePrefix())
        {
            _link.Terminate("no IPv6 prefix available", now);
            return;
        }
        // More calls may have begun than may log in.
        IsLoggedIn = _services.Sessions.TryMarkLoggedIn(this, _server.MaxSessions);
        if (!IsLoggedIn)
        {
            Log.TooManySessions(_services.Loggers.PppError, Prefix, LogText.Escape(_parameters.User), _server.MaxSessions);
            _story.Blame(AttemptCauses.TooManySessions);
            _link.Terminate("no more sessions", now);
            return;
        }
        _name = _services.Interfaces.Reserve(_parameters.User);
        _link.Authorize(
            new LinkAuthorization
            {
                SuccessMessage = accept.SuccessMessage,
                EapPacket = accept.EapPacket,
                Keys = _keys,
                Encryption = _parameters.Encryption,
                Mppe = _parameters.Mppe,
                LocalAddress = _localLease.Address,
                RemoteAddress = _remoteLease.Address,
                DnsServers = _parameters.DnsServers,
                WinsServers = _parameters.WinsServers,
                Ipv6 = Ipv6Policy,
                RemoteIdentifier = _parameters.Radius?.InterfaceIdentifier ?? 0,
            },
            now);
    }

    private AddressLease? LeaseLocal(AddressSource? source) => source switch
    {
        AddressSource.Single single when IsAddress(single) => _services.Pools.TakeLocal(single.Address),
        AddressSource.Pool pool => _services.Pools.AcquireLocal(pool.Name),
        _ => null,
    };

    private AddressLease? LeaseRemote(AddressSource? source, IPAddress? local) => source switch
    {
        AddressSource.Single single when IsAddress(single) =>
            _services.Pools.Take(single.Address, _parameters!.User),
        AddressSource.Pool pool => _services.Pools.Acquire(pool.Name, _parameters!.User, local),
        _ => null,
    };

    private static bool IsAddress(AddressSource.Single single) => !single.Address.Equals(IPAddress.Any);

    private void MakeInterface(NetworkParameters network)
    {
        _network = network;
        TunnelInterfaceSpecification specification = new(
            _name!.Value, network.LocalAddress, network.RemoteAddress, network.Mtu)
        {
            Routes = _parameters!.Routes,
            QueueLength = DirectionRate.QueueLengthFor(_parameters.RateLimit),
            Firewall = _parameters.Firewall,
        };
        _pending++;
        _ = Task.Run(async () =>
        {
            try
            {
                TunnelInterface made = await _services.Interfaces.CreateAsync(specification).ConfigureAwait(false);
                _host.Post(this, new CallMessage.InterfaceReady(made, null));
            }
            catch (Exception e)
            {
                _host.Post(this, new CallMessage.InterfaceReady(null, e));
            }
        });
    }

    private void OnInterfaceReady(CallMessage.InterfaceReady ready, TimeSpan now)
    {
        _interface = ready.Tunnel;
        if (ready.Failure is { } failure)
        {
            Log.NoInterface(_services.Loggers.PppError, Prefix, failure.Message);
            _story.Blame(AttemptCauses.NoInterface, failure.Message);
            Terminate("no interface available", DisconnectReason.PortError, now);
        }
        if (_ending || _interface is null)
            return;
        // The login was checked against a configuration that a reload may have replaced since.
        if (_parameters!.Radius is null && _services.Configuration().ShutsOut(_parameters.User))
        {
            Terminate("disconnected", DisconnectReason.NasRequest, now);
            return;
        }
        _path.Open(DataPathParametersOf(_interface, _network!));
        _connected = true;
        _connectedAt = now;
        _status = DescribeSession(_interface.Name);
        TellConnected(_interface.Name, now);
        _timeouts = new SessionTimeouts(_parameters.SessionTimeout, _parameters.IdleTimeout, now);
        if (_parameters.ProxyArp)
            _proxyArp = _services.ProxyArp?.Answer(_network!.RemoteAddress);
        Log.LoggedIn(_services.Loggers.Account, LogText.Escape(_parameters.User), _network!.RemoteAddress, _host.Remote);
        Log.Connected(_services.Loggers.Ppp, Prefix);
        StartAccounting();
        RunHook("on-up", _parameters.OnUp);
        AddIpv6();
    }

    private DataPathParameters DataPathParametersOf(TunnelInterface tunnel, NetworkParameters network)
    {
        // The networks behind the client are his as his address is.
        IReadOnlyList<Ipv4Prefix> allowedSources =
        [
            new Ipv4Prefix(network.RemoteAddress, 32),
            .. _parameters!.Routes.Select(
                route => new Ipv4Prefix(route.Destination.BaseAddress, route.Destination.PrefixLength)),
        ];
        return LinkData.Of(tunnel.Tun, network, _keys, allowedSources, _parameters.ChangeTcpMss) with
        {
            RateLimit = _parameters.RateLimit,
            LimitBytesIn = _parameters.LimitBytesIn,
            LimitBytesOut = _parameters.LimitBytesOut,
            LimitBytesTotal = _parameters.LimitBytesTotal,
        };
    }
}

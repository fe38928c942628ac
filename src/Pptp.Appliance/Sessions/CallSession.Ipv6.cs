using Pptp.Appliance.Addressing;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <content>
/// IPv6, which comes up beside IPv4 and never before it: where both are agreed the interface gets it, then the data
/// path, and then the client is told its prefix.
/// </content>
internal sealed partial class CallSession
{
    private PrefixLease? _prefix;

    /// <summary>What was agreed with the client; null: nothing, or no more.</summary>
    private Ipv6InterfaceSettings? _ipv6;
    private RouterAdvertiser? _advertiser;

    void IDataPathOwner.OnRouterSolicitation() => _host.Post(this, CallMessage.RouterSolicited.Instance);

    /// <summary>Takes the prefix the user is to have. False: there is none left, and he cannot do without.</summary>
    private bool LeasePrefix()
    {
        if (_parameters!.Ipv6 is not { Prefix: { } source } service)
            return true;
        _prefix = _services.PrefixPools.Acquire(source, _parameters.User);
        if (_prefix is not null)
            return true;
        Log.NoPrefix(_services.Loggers.PppError, Prefix, LogText.Escape(_parameters.User), LogText.Escape($"{source}"));
        return !service.IsRequired;
    }

    /// <summary>A user whose prefix is not to be had goes without IPv6.</summary>
    private Ipv6Policy Ipv6Policy => _parameters!.Ipv6 switch
    {
        null => Ipv6Policy.No,
        { IsRequired: true } => Ipv6Policy.Required,
        { Prefix: not null } when _prefix is null => Ipv6Policy.No,
        _ => Ipv6Policy.Yes,
    };

    private void OnIpv6Up(PppEvent.Ipv6Up up)
    {
        _ipv6 = new Ipv6InterfaceSettings(up.LocalIdentifier, up.RemoteIdentifier)
        {
            Prefix = _prefix?.OfClient(up.RemoteIdentifier),
            Routes = _parameters!.Ipv6!.Routes,
        };
        if (_connected)
            AddIpv6();
    }

    /// <summary>Has the interface get its IPv6, once both are there.</summary>
    private void AddIpv6()
    {
        if (_ipv6 is not { } settings || _interface is not { } tunnel)
            return;
        WorkOnInterface(() =>
        {
            _services.Interfaces.AddIpv6(tunnel, settings);
            return Task.CompletedTask;
        }, failure => new CallMessage.Ipv6Ready(failure));
    }

    private void OnIpv6Ready(Exception? failure, TimeSpan now)
    {
        // The client may have closed it meanwhile.
        if (_ending || _ipv6 is not { } settings)
            return;
        if (failure is not null)
        {
            Log.NoIpv6(_services.Loggers.PppError, Prefix, failure.Message);
            _ipv6 = null;
            if (_parameters!.Ipv6!.IsRequired)
                Terminate("no IPv6 available", DisconnectReason.PortError, now);
            return;
        }
        _path.SetIpv6(new Ipv6PathParameters
        {
            RemoteIdentifier = settings.RemoteIdentifier,
            // The networks behind the client are his as his prefix is.
            AllowedSources =
            [
                .. settings.Prefix is { } prefix ? [prefix] : Array.Empty<Ipv6Prefix>(),
                .. settings.Routes.Select(route => route.Destination),
            ],
            IsRouter = true,
        });
        if (_prefix is not null)
            _advertiser = new RouterAdvertiser(_services.Random, now);
        _status = _status! with
        {
            LocalIpv6Address = settings.LocalAddress,
            RemoteIpv6Address = settings.RemoteAddress,
        };
        Log.Ipv6Up(_services.Loggers.Ppp, Prefix, settings.RemoteAddress, $"{settings.Prefix}");
    }

    private void OnIpv6Down(string reason)
    {
        _ipv6 = null;
        _advertiser = null;
        if (!_connected)
            return;
        _path.SetIpv6(null);
        _status = _status! with { LocalIpv6Address = null, RemoteIpv6Address = null };
        Log.Ipv6Down(_services.Loggers.Ppp, Prefix, LogText.Escape(reason));
    }

    private void AdvanceIpv6(TimeSpan now)
    {
        if (_ending || _advertiser?.Advance(now) != true)
            return;
        _path.SendPacket(RouterAdvertisement.Create(_ipv6!.LocalIdentifier, _prefix!.Prefix, _network!.Mtu));
    }
}

using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <content>
/// IPv6, which comes up beside IPv4 and never before it. The kernel makes its address itself, of what the server
/// advertises.
/// </content>
internal sealed partial class ClientTunnel
{
    private static readonly IReadOnlyList<Ipv6Prefix> AnyIpv6Source = [new Ipv6Prefix(0, 0)];

    /// <summary>What was agreed with the server; null: nothing, or no more.</summary>
    private Ipv6InterfaceSettings? _ipv6;
    private bool _isAddingIpv6;

    void IDataPathOwner.OnRouterSolicitation()
    {
        // We are nobody's router.
    }

    private Ipv6Policy Ipv6Policy => _settings.UseIpv6 switch
    {
        Negotiation.Required => Ipv6Policy.Required,
        Negotiation.Yes => Ipv6Policy.Yes,
        _ => Ipv6Policy.No,
    };

    private void OnIpv6Up(PppEvent.Ipv6Up up)
    {
        _ipv6 = new Ipv6InterfaceSettings(up.LocalIdentifier, up.RemoteIdentifier);
        if (_connectedAt is not null)
            AddIpv6();
    }

    private void AddIpv6()
    {
        if (_ipv6 is not { } settings)
            return;
        // Before the interface has it: the kernel asks for its router at once.
        _path!.SetIpv6(new Ipv6PathParameters
        {
            RemoteIdentifier = settings.RemoteIdentifier,
            AllowedSources = AnyIpv6Source,
        });
        _isAddingIpv6 = true;
        _ = Task.Run(() =>
        {
            try
            {
                _interface.AddIpv6(settings);
                Post(now => OnIpv6Ready(null, now));
            }
            catch (Exception e)
            {
                Post(now => OnIpv6Ready(e, now));
            }
        });
    }

    private void OnIpv6Ready(Exception? failure, TimeSpan now)
    {
        _isAddingIpv6 = false;
        if (_isEnding || _ipv6 is not { } settings)
            return;
        if (failure is null)
        {
            Log.Ipv6Up(_services.Loggers.Ppp, Client.Name, settings.RemoteAddress);
            _monitor.OnIpv6(settings);
            return;
        }
        Log.NoIpv6(_services.Loggers.PppError, Client.Name, failure.Message);
        _ipv6 = null;
        _path!.SetIpv6(null);
        if (Ipv6Policy == Ipv6Policy.Required)
            Terminate("no IPv6 available", now);
    }

    private void OnIpv6Down(string reason)
    {
        _ipv6 = null;
        if (_connectedAt is null)
            return;
        _path!.SetIpv6(null);
        _monitor.OnIpv6(null);
        Log.Ipv6Down(_services.Loggers.Ppp, Client.Name, LogText.Escape(reason));
    }
}

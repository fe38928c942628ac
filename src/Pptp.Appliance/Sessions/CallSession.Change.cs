using Pptp.Appliance.Aaa;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.Interfaces;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Sessions;

/// <content>What a server changes of a session that is up.</content>
internal sealed partial class CallSession
{
    /// <summary>What is done to the interface is done one after the other.</summary>
    private Task _interfaceWork = Task.CompletedTask;

    private int _firewallWork;

    /// <summary>Whether it is one of those that are meant: it is up, and has all that is named. From any thread.</summary>
    public bool Is(SessionSelector wanted) =>
        !_ending
        && _status is { } status
        && (wanted.AcctSessionId is not { } id
            || string.Equals(id, Identity.AcctSessionId, StringComparison.OrdinalIgnoreCase))
        && (wanted.NasPort is not { } port || port == Identity.NasPort)
        && (wanted.User is not { } user || user == status.User)
        && (wanted.Address is not { } address || address.Equals(status.RemoteAddress))
        && (wanted.CallerId is not { } caller || caller == _host.Remote.ToString())
        && (wanted.CalledId is not { } called || called == _host.Local.ToString());

    /// <summary>Begins a change; from any thread.</summary>
    public void BeginChange(SessionChange change) => _host.Post(this, new CallMessage.ChangeAsked(change));

    /// <summary>Makes a change that was begun, or undoes what was done of it; from any thread.</summary>
    public void DecideChange(SessionChange change, bool isMade) =>
        _host.Post(this, new CallMessage.ChangeDecided(change, isMade));

    private void OnChangeAsked(SessionChange change)
    {
        if (_ending || !_connected)
        {
            change.Refuse(DynamicAuthorizationError.SessionContextNotFound, "the session is ending");
            return;
        }
        if (_firewallWork > 0)
        {
            change.Refuse(DynamicAuthorizationError.ResourcesUnavailable, "an earlier change is not over");
            return;
        }
        PptpConfiguration configuration = _services.Configuration();
        if (WhyUnknown(configuration, change.Grant) is { } why)
        {
            change.Refuse(DynamicAuthorizationError.InvalidAttributeValue, why);
            return;
        }
        change.Before = _parameters!.Firewall;
        FirewallMembership wanted = _parameters.Changed(configuration, change.Grant).Firewall;
        if (wanted == change.Before)
            change.Prepare();
        else
            SetFirewall(change, wanted);
    }

    private static string? WhyUnknown(PptpConfiguration configuration, RadiusGrant grant)
    {
        if (grant.Group is { } group && configuration.FindProfile(group) is null)
            return $"there is no profile {group}";
        foreach (string? filter in (string?[])[grant.IncomingFilter, grant.OutgoingFilter])
        {
            if (filter is not null && !configuration.FirewallChains.Any(chain => chain.Name == filter))
                return $"there is no firewall chain {filter}";
        }
        return grant.AddressLists.FirstOrDefault(list => !configuration.HasAddressList(list)) is { } unknown
            ? $"there is no address list {unknown}"
            : null;
    }

    private void OnFirewallSet(CallMessage.FirewallSet set)
    {
        SessionChange change = set.Change;
        _firewallWork--;
        if (set.Failure is { } failure)
        {
            if (change.IsFirewallSet)
                Log.NotUndone(_services.Loggers.PppError, Prefix, failure);
            change.Refuse(DynamicAuthorizationError.ResourcesUnavailable, failure);
            return;
        }
        _parameters = _parameters! with { Firewall = set.Membership };
        change.IsFirewallSet = set.Membership != change.Before;
        if (change is { IsCancelled: true, IsFirewallSet: true })
            Undo(change);
        change.Prepare();
    }

    private void OnChangeDecided(SessionChange change, bool isMade)
    {
        change.IsCancelled = !isMade;
        if (isMade)
            Make(change);
        else if (change.IsFirewallSet)
            Undo(change);
        change.Finish();
    }

    private void Undo(SessionChange change)
    {
        if (!_ending)
            SetFirewall(change, change.Before!);
    }

    private void Make(SessionChange change)
    {
        if (_ending || !_connected)
            return;
        SessionParameters before = _parameters!;
        SessionParameters after = before.Changed(_services.Configuration(), change.Grant);
        SetRateLimit(after.RateLimit);
        if ((after.LimitBytesIn, after.LimitBytesOut, after.LimitBytesTotal)
            != (before.LimitBytesIn, before.LimitBytesOut, before.LimitBytesTotal))
        {
            _path.SetLimits(after.LimitBytesIn, after.LimitBytesOut, after.LimitBytesTotal);
        }
        // Counted from the session's beginning, like those it had.
        if ((after.SessionTimeout, after.IdleTimeout) != (before.SessionTimeout, before.IdleTimeout))
            _timeouts = new SessionTimeouts(after.SessionTimeout, after.IdleTimeout, _connectedAt);
        if (change.Grant.InterimInterval is { } interval)
            _accounted?.SetInterim(interval);
        if (change.Grant.PortLimit is { } most)
            _services.Sessions.Limit(before.User, most);
        _parameters = after with { Firewall = before.Firewall };
    }

    private void SetFirewall(SessionChange change, FirewallMembership membership)
    {
        _firewallWork++;
        TunnelInterface tunnel = _interface!;
        Ipv6Prefix? prefix = _ipv6?.Prefix;
        WorkOnInterface(
            () => _services.Interfaces.SetFirewallAsync(tunnel, _network!.RemoteAddress, prefix, membership),
            failure => new CallMessage.FirewallSet(change, membership, failure?.Message));
    }

    /// <summary>The interface is kept until that is done, and its outcome is handled.</summary>
    /// <param name="work">Runs when all that came before is done.</param>
    /// <param name="outcome">Of it; counts one of <see cref="_pending"/> less.</param>
    private void WorkOnInterface(Func<Task> work, Func<Exception?, CallMessage> outcome)
    {
        _pending++;
        Task before = _interfaceWork;
        _interfaceWork = Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            Exception? failure = null;
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failure = e;
            }
            _host.Post(this, outcome(failure));
        });
    }
}

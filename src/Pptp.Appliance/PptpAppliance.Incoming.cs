using System.Net;
using System.Net.Sockets;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;

namespace Pptp.Appliance;

/// <content>What RADIUS servers want of sessions that are up.</content>
public sealed partial class PptpAppliance
{
    private RadiusIncoming? _incoming;

    /// <summary>From any thread.</summary>
    public RadiusIncomingStatus RadiusIncoming => _incoming?.Status ?? new RadiusIncomingStatus(0, 0, 0, 0);

    /// <summary>The rows of <c>/radius</c> that are asked; from any thread.</summary>
    public IReadOnlyList<RadiusServerStatus> RadiusServers =>
    [
        .. (_radius?.Status ?? []).Select(one => new RadiusServerStatus
        {
            Row = one.Row,
            IsAlive = !one.IsDead,
            Pending = one.Counters.Pending,
            Requests = one.Counters.Requests,
            Accepts = one.Counters.Accepts,
            Rejects = one.Counters.Rejects,
            Resends = one.Counters.Resends,
            Timeouts = one.Counters.Timeouts,
            BadReplies = one.Counters.BadReplies,
            LastRequestRtt = one.Counters.LastRequestRtt,
        }),
    ];

    private RadiusIncoming MakeIncoming() => new(
        new RadiusOrders(_services!.Sessions, () => _configuration, IsOfThisHost, _clock.Time, _loggers.Radius),
        () => _configuration, _clock.Time, _loggers.RadiusWarning);

    /// <summary>Listens again as the configuration in force has it.</summary>
    private async Task ReturnAsync()
    {
        RadiusIncomingSettings settings = _configuration.RadiusIncoming;
        try
        {
            await _incoming!.ApplyAsync(settings).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            Log.NotReturned(_loggers.SystemError, new IPEndPoint(IPAddress.Any, settings.Port), e.Message);
        }
    }

    private bool IsOfThisHost(IPAddress address) =>
        _netlink?.ListAddresses().Any(own => own.Local.Equals(address)) == true;
}

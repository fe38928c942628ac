using Pptp.Appliance.Aaa;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <content>What changes for a session that is up.</content>
internal sealed partial class CallSession
{
    /// <summary>A new configuration is in force, and it is to reach this session too; from any thread.</summary>
    public void RequestUpdate() => _host.Post(this, CallMessage.ConfigurationChanged.Instance);

    private void OnConfigurationChanged()
    {
        if (_ending || _parameters is not { Radius: null })
            return;
        PptpConfiguration configuration = _services.Configuration();
        if (configuration.FindSecret(_parameters.User, PppService.Pptp) is { } secret)
            SetRateLimit(SessionParameters.Resolve(configuration, secret).RateLimit);
    }

    private void SetRateLimit(RateLimit? limit)
    {
        if (limit == _parameters!.RateLimit)
            return;
        int queueLength = DirectionRate.QueueLengthFor(limit);
        bool fitsTheQueue = queueLength == DirectionRate.QueueLengthFor(_parameters.RateLimit);
        _parameters = _parameters with { RateLimit = limit };
        // Before that the link is opened with the new one.
        if (!_connected || _interface is not { } tunnel)
            return;
        _path.SetRates(limit);
        if (!fitsTheQueue)
            SetQueueLength(tunnel, queueLength);
        Log.RateLimited(_services.Loggers.Ppp, Prefix, limit?.ToString() ?? "none");
    }

    /// <summary>The interface is kept until that is done: nothing may have its index before.</summary>
    private void SetQueueLength(TunnelInterface tunnel, int packets)
    {
        _pending++;
        _ = Task.Run(() =>
        {
            string? failure = null;
            try
            {
                _services.Interfaces.SetQueueLength(tunnel, packets);
            }
            catch (LinuxException e)
            {
                failure = e.Message;
            }
            _host.Post(this, new CallMessage.QueueLengthSet(failure));
        });
    }
}

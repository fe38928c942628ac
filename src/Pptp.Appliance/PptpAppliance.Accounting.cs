using Pptp.Appliance.Aaa.Accounting;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.State;

namespace Pptp.Appliance;

/// <content>What RADIUS servers are told of sessions.</content>
public sealed partial class PptpAppliance
{
    /// <summary>How long the servers are listened to when all sessions have ended.</summary>
    private static readonly TimeSpan AccountingTimeout = TimeSpan.FromSeconds(3);

    private readonly AccountingJournal _journal;
    private readonly SessionIds _sessionIds;
    private RadiusAccounting? _accounting;

    /// <summary>What the servers have not been told yet.</summary>
    public AccountingStatus Accounting => _accounting?.Status ?? new AccountingStatus(0, TimeSpan.Zero);

    private RadiusAccounting MakeAccounting(RadiusServers servers) => _accounting = new RadiusAccounting(
        _clock, _journal, _sessionIds, new RadiusAccountingPort(servers), () => _configuration, _loggers.RadiusWarning);

    /// <summary>To be called once it is known which servers there are.</summary>
    private void StartAccounting()
    {
        _journal.Start();
        _accounting!.Begin();
    }

    private async Task StopAccountingAsync()
    {
        if (_accounting is { } accounting)
            await accounting.StopAsync(AccountingTimeout).ConfigureAwait(false);
        _accounting?.Dispose();
        _accounting = null;
        _journal.Dispose();
    }
}

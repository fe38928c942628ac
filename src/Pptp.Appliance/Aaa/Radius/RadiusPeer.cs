using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>
/// One row's server for one purpose, and whether it is alive. One that has not answered a request in all its tries is
/// dead: it is passed over, and asked by itself whether it is there again.
/// </summary>
internal sealed partial class RadiusPeer : IAsyncDisposable
{
    /// <summary>Between two questions to a dead server.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long a server that ignores Status-Server is left alone before a real request is risked.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    private readonly RadiusPurpose _purpose;
    private readonly IRadiusPort _port;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _lock = new();
    private TimeSpan? _retryAt;

    /// <summary>It does answer, but wrongly: it may well answer a probe, and that says nothing.</summary>
    private bool _isMistrusted;
    private Task _probing = Task.CompletedTask;

    public RadiusPeer(RadiusServer row, RadiusPurpose purpose, IRadiusPort port, MonotonicClock clock, ILogger logger)
    {
        Row = row;
        _purpose = purpose;
        _port = port;
        _clock = clock;
        _logger = logger;
    }

    public RadiusServer Row { get; }

    public RadiusCounters Counters => _port.Counters;

    public bool IsDead
    {
        get
        {
            lock (_lock)
                return _retryAt is not null;
        }
    }

    /// <summary>Asks it, and takes note of whether it answers.</summary>
    /// <param name="request">Without NAS-IP-Address, which is added, as the row's realm is.</param>
    /// <param name="tries">How often it is sent at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OperationCanceledException">Cancelled, or the row is gone.</exception>
    public async Task<RadiusOutcome> SendAsync(RadiusRequest request, int tries, CancellationToken cancellation)
    {
        RadiusOutcome outcome =
            await _port.SendAsync(WithOwn(request), tries, cancellation).ConfigureAwait(false);
        if (outcome is RadiusOutcome.Reply)
            Revive();
        else
            Bury(outcome);
        return outcome;
    }

    /// <summary>Whether a request may be risked on a dead one: one at a time, and not often.</summary>
    public bool TakeRisk()
    {
        lock (_lock)
        {
            if (_retryAt is not { } at || _clock.Now < at)
                return false;
            _retryAt = _clock.Now + RetryAfter;
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        await _port.DisposeAsync().ConfigureAwait(false);
        await _probing.ConfigureAwait(false);
        _closed.Dispose();
    }

    private RadiusRequest WithOwn(RadiusRequest request)
    {
        if (Row.Realm is { } realm)
        {
            request = request with
            {
                Values =
                [
                    .. request.Values.Where(value => value.Attribute != RadiusAttributes.MikrotikRealm),
                    RadiusValue.Of(RadiusAttributes.MikrotikRealm, realm),
                ],
            };
        }
        if (_port.LocalAddress is not { } address)
            return request;
        RadiusAttribute attribute = address.AddressFamily == AddressFamily.InterNetwork
            ? RadiusAttributes.NasIpAddress
            : RadiusAttributes.NasIpv6Address;
        return request with { Values = [.. request.Values, RadiusValue.Of(attribute, address)] };
    }

    private void Bury(RadiusOutcome outcome)
    {
        lock (_lock)
        {
            bool isNew = _retryAt is null;
            _isMistrusted = outcome is RadiusOutcome.Silent { LastBad: not null };
            _retryAt = _clock.Now + RetryAfter;
            if (!isNew)
                return;
            if (!_closed.IsCancellationRequested && _probing.IsCompleted)
                _probing = ProbeAsync(_closed.Token);
        }
        Log.Dead(_logger, Row.Address, _purpose, Describe(outcome));
    }

    private void Revive()
    {
        lock (_lock)
        {
            if (_retryAt is null)
                return;
            _retryAt = null;
        }
        Log.Alive(_logger, Row.Address, _purpose);
    }

    private async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            while (IsDead)
            {
                await Task.Delay(ProbeInterval, _clock.Time, cancellation).ConfigureAwait(false);
                if (IsDead && !_isMistrusted && await _port.ProbeAsync(cancellation).ConfigureAwait(false))
                    Revive();
            }
        }
        catch (OperationCanceledException)
        {
            // The row is gone.
        }
        catch (ObjectDisposedException)
        {
            // Likewise, between two questions.
        }
    }

    /// <summary>What is wrong, and what can be done about it.</summary>
    public static string Describe(RadiusOutcome outcome) => outcome switch
    {
        RadiusOutcome.Failed failed => failed.Why,
        RadiusOutcome.Silent { LastBad: BadReply.WrongSecret or BadReply.WrongMessageAuthenticator } =>
            "its answers are signed with another secret than the row's",
        RadiusOutcome.Silent { LastBad: BadReply.NoMessageAuthenticator } =>
            "its answers have no Message-Authenticator (FreeRADIUS up to 3.2.1 has to be told to send it: "
            + "see require-message-auth in the manual)",
        RadiusOutcome.Silent { LastBad: BadReply.Malformed } => "its answers are no RADIUS packets",
        _ => "it does not answer",
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "RADIUS server {Address} ({Purpose}) is passed over: {Why}")]
        public static partial void Dead(ILogger logger, IPAddress address, RadiusPurpose purpose, string why);

        [LoggerMessage(LogLevel.Information, "RADIUS server {Address} ({Purpose}) answers again")]
        public static partial void Alive(ILogger logger, IPAddress address, RadiusPurpose purpose);
    }
}

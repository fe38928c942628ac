using Microsoft.Extensions.Logging;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>
/// The rows of <c>/radius</c> that ask for us, in their order: a request goes to the first that suits it and is alive,
/// and on to the next when it does not answer.
/// </summary>
internal sealed class RadiusServers : IAsyncDisposable
{
    private readonly Func<RadiusServer, RadiusPurpose, IRadiusPort> _connect;
    private readonly MonotonicClock _clock;
    private readonly ILogger _logger;
    private readonly Func<int, int> _dice;
    private readonly Lock _lock = new();
    private volatile IReadOnlyList<RadiusPeer> _authentication = [];
    private volatile IReadOnlyList<RadiusPeer> _accounting = [];

    /// <param name="connect">Opens a row's port.</param>
    /// <param name="clock">For the health of servers.</param>
    /// <param name="logger">Is told of servers that are gone and back.</param>
    /// <param name="dice">A number from 0 to below the one given; null: any.</param>
    public RadiusServers(
        Func<RadiusServer, RadiusPurpose, IRadiusPort> connect, MonotonicClock clock, ILogger logger,
        Func<int, int>? dice = null)
    {
        _connect = connect;
        _clock = clock;
        _logger = logger;
        _dice = dice ?? Random.Shared.Next;
    }

    /// <summary>Every row that is asked, with what it has seen so far.</summary>
    public IReadOnlyList<(RadiusServer Row, RadiusCounters Counters, bool IsDead)> Status =>
    [
        .. _authentication.Zip(_accounting, (login, account) =>
            (login.Row, login.Counters + account.Counters, login.IsDead)),
    ];

    /// <summary>Whether any row could be asked this.</summary>
    public bool Has(RadiusQuery query, RadiusPurpose purpose) => PeersOf(purpose).Any(peer => Suits(peer.Row, query));

    /// <summary>Goes on with other rows. Those that stay as they were keep their connections, health and counters.</summary>
    public void Update(IEnumerable<RadiusServer> rows)
    {
        List<RadiusPeer> gone;
        lock (_lock)
        {
            RadiusServer[] asked = [.. rows.Where(row => row.IsAsked && row.SharedSecret is not null)];
            gone = [.. _authentication, .. _accounting];
            _authentication = Make(asked, RadiusPurpose.Authentication, gone);
            _accounting = Make(asked, RadiusPurpose.Accounting, gone);
        }
        foreach (RadiusPeer peer in gone)
            _ = peer.DisposeAsync().AsTask();
    }

    /// <summary>Asks one server after the other until one answers.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<RadiusAnswer> SendAsync(
        RadiusRequest request, RadiusQuery query, RadiusPurpose purpose, CancellationToken cancellation)
    {
        List<RadiusPeer> candidates = Order(query, purpose);
        List<RadiusPeer> alive = candidates.FindAll(peer => !peer.IsDead || peer.TakeRisk());
        RadiusAnswer best = new(new RadiusOutcome.Failed("no RADIUS server is configured for this user"), null);
        foreach (RadiusPeer peer in alive)
        {
            best = Better(best, await AskAsync(peer, peer.Row.Tries).ConfigureAwait(false));
            if (best.Outcome is RadiusOutcome.Reply)
                return best;
        }
        // All that are left are dead, and may have come back since they were asked last.
        foreach (RadiusPeer peer in candidates.Except(alive))
        {
            best = Better(best, await AskAsync(peer, 1).ConfigureAwait(false));
            if (best.Outcome is RadiusOutcome.Reply)
                return best;
        }
        return best;

        async Task<RadiusAnswer> AskAsync(RadiusPeer peer, int tries)
        {
            try
            {
                return new RadiusAnswer(await peer.SendAsync(request, tries, cancellation).ConfigureAwait(false), peer);
            }
            catch (Exception e) when (
                e is OperationCanceledException or ObjectDisposedException && !cancellation.IsCancellationRequested)
            {
                return new RadiusAnswer(new RadiusOutcome.Failed("the server is configured no more"), peer);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        IEnumerable<RadiusPeer> all = _authentication.Concat(_accounting);
        _authentication = _accounting = [];
        foreach (RadiusPeer peer in all)
            await peer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Of two that are no answers the one that tells more: a wrong secret is more than silence.</summary>
    private static RadiusAnswer Better(RadiusAnswer before, RadiusAnswer now) =>
        before.Peer is not null && Rank(before.Outcome) > Rank(now.Outcome) ? before : now;

    private static int Rank(RadiusOutcome outcome) => outcome switch
    {
        RadiusOutcome.Reply => 3,
        RadiusOutcome.Silent { LastBad: not null } => 2,
        RadiusOutcome.Failed => 1,
        _ => 0,
    };

    // A row's realm is stated so that users need not have one in their names, as on RouterOS.
    private static bool Suits(RadiusServer row, RadiusQuery query) =>
        (row.CalledId is null || row.CalledId == query.CalledId.ToString())
        && (row.Domain is null || string.Equals(row.Domain, query.Domain, StringComparison.OrdinalIgnoreCase))
        && (row.Realm is null || query.Realm is null
            || string.Equals(row.Realm, query.Realm, StringComparison.OrdinalIgnoreCase));

    private IReadOnlyList<RadiusPeer> PeersOf(RadiusPurpose purpose) =>
        purpose == RadiusPurpose.Authentication ? _authentication : _accounting;

    /// <summary>Those with a weight first, drawn by it; then the others as they stand; backups for accounting last.</summary>
    private List<RadiusPeer> Order(RadiusQuery query, RadiusPurpose purpose)
    {
        List<RadiusPeer> left =
            [.. PeersOf(purpose).Where(peer => query.Server is { } only ? peer == only : Suits(peer.Row, query))];
        List<RadiusPeer> ordered = [];
        while (left.Sum(peer => peer.Row.Weight) is > 0 and int all)
        {
            int drawn = _dice(all);
            RadiusPeer next = left.First(peer => (drawn -= peer.Row.Weight) < 0);
            left.Remove(next);
            ordered.Add(next);
        }
        ordered.AddRange(left);
        return purpose == RadiusPurpose.Authentication
            ? ordered
            : [.. ordered.OrderBy(peer => peer.Row.AccountingBackup)];
    }

    private List<RadiusPeer> Make(RadiusServer[] rows, RadiusPurpose purpose, List<RadiusPeer> before)
    {
        List<RadiusPeer> made = [];
        foreach (RadiusServer row in rows)
        {
            RadiusPeer? kept = PeersOf(purpose).FirstOrDefault(peer => peer.Row == row && before.Contains(peer));
            if (kept is not null)
                before.Remove(kept);
            made.Add(kept ?? new RadiusPeer(row, purpose, _connect(row, purpose), _clock, _logger));
        }
        return made;
    }
}

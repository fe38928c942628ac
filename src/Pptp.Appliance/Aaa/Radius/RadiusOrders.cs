using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Appliance.Sessions;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>
/// Carries out Disconnect- and CoA-Requests (RFC 5176 §2): of all sessions that are meant, or of none. It looks for
/// them among users of ours too.
/// </summary>
/// <param name="sessions">Where they are.</param>
/// <param name="configuration">In force.</param>
/// <param name="isOurs">Whether an address is one of this host.</param>
/// <param name="time">For the bounds of what is waited for.</param>
/// <param name="logger">Is told what is done and what is not.</param>
internal sealed partial class RadiusOrders(
    SessionTable sessions, Func<PptpConfiguration> configuration, Func<IPAddress, bool> isOurs, TimeProvider time,
    ILogger logger) : IDisposable
{
    /// <summary>A client has two seconds for its farewell.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);

    /// <summary>Most is done in a millisecond; nftables may be slow.</summary>
    private static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(10);

    /// <summary>Two changes of one session must not be half made at the same time.</summary>
    private readonly SemaphoreSlim _changing = new(1);

    /// <param name="packet">A request that is verified.</param>
    /// <param name="from">Who has sent it.</param>
    /// <param name="cancellation">Nobody is to be answered any more.</param>
    public async ValueTask<DynamicAuthorizationReply> CarryOutAsync(
        RadiusPacket packet, IPEndPoint from, CancellationToken cancellation)
    {
        RadiusRefusal? refusal = RadiusOrder.TryRead(
            packet, configuration().System.Identity, isOurs, out RadiusOrder? order, out RadiusRefusal? bad)
                ? order.IsDisconnect
                    ? await DisconnectAsync(order, from.Address, cancellation).ConfigureAwait(false)
                    : await ChangeAsync(order, from.Address, cancellation).ConfigureAwait(false)
                : bad;
        if (refusal is null)
            return DynamicAuthorizationReply.Ack;
        Log.Refused(
            logger, packet.Code == RadiusCode.DisconnectRequest ? "Disconnect" : "CoA", from.Address,
            (int)refusal.Error, LogText.Escape(refusal.Why));
        return new DynamicAuthorizationReply(refusal.Error);
    }

    public void Dispose() => _changing.Dispose();

    private async Task<RadiusRefusal?> DisconnectAsync(
        RadiusOrder order, IPAddress from, CancellationToken cancellation)
    {
        List<CallSession> meant = Find(order.Selector);
        if (meant.Count == 0)
            return NoSession();
        foreach (CallSession session in meant)
        {
            Log.Disconnects(logger, from, LogText.Escape(session.User ?? ""));
            session.RequestEnd("disconnected by RADIUS", DisconnectReason.Reset);
        }
        await SettleAsync(Task.WhenAll(meant.Select(session => session.Gone)), EndPatience, cancellation)
            .ConfigureAwait(false);
        return null;
    }

    private async Task<RadiusRefusal?> ChangeAsync(RadiusOrder order, IPAddress from, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            List<SessionChange> changes =
                [.. Find(order.Selector).Select(session => new SessionChange(session, order.Grant))];
            if (changes.Count == 0)
                return NoSession();
            foreach (SessionChange change in changes)
                change.Session.BeginChange(change);
            // What has begun is brought to its end, whoever waits for it.
            Task<RadiusRefusal?[]> prepared = Task.WhenAll(changes.Select(change => change.Prepared));
            RadiusRefusal? refusal = await SettleAsync(prepared, ChangePatience, default).ConfigureAwait(false)
                ? (await prepared.ConfigureAwait(false)).FirstOrDefault(why => why is not null)
                : new RadiusRefusal(DynamicAuthorizationError.ResourcesUnavailable, "it takes too long");
            foreach (SessionChange change in changes)
                change.Session.DecideChange(change, isMade: refusal is null);
            if (refusal is not null)
                return refusal;
            await SettleAsync(Task.WhenAll(changes.Select(change => change.Done)), ChangePatience, default)
                .ConfigureAwait(false);
            foreach (SessionChange change in changes)
                Log.Changes(logger, from, LogText.Escape(change.Session.User ?? ""), LogText.Escape(order.Changes));
            return null;
        }
        finally
        {
            _changing.Release();
        }
    }

    private List<CallSession> Find(SessionSelector selector) => [.. sessions.All.Where(call => call.Is(selector))];

    private static RadiusRefusal NoSession() =>
        new(DynamicAuthorizationError.SessionContextNotFound, "there is no such session");

    /// <returns>False: it took too long.</returns>
    private async Task<bool> SettleAsync(Task task, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(patience, time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Server} disconnects {User}")]
        public static partial void Disconnects(ILogger logger, IPAddress server, string user);

        [LoggerMessage(LogLevel.Information, "{Server} changes {User}: {Changes}")]
        public static partial void Changes(ILogger logger, IPAddress server, string user, string changes);

        [LoggerMessage(LogLevel.Information, "{What}-Request of {Server} is refused with {ErrorCause}: {Why}")]
        public static partial void Refused(ILogger logger, string what, IPAddress server, int errorCause, string why);
    }
}

using System.Net;
using Microsoft.Extensions.Logging;
using Pptp.Model;
using Pptp.Protocol.Authentication;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>
/// Lets in whom <c>/ppp secret</c> knows and, with <c>use-radius</c>, whom a RADIUS server lets in. A name that is known
/// here is never asked for there, however wrong its password.
/// </summary>
/// <param name="local">Decides on names that are known here, and on all where no server is to be asked.</param>
/// <param name="guard">The one of <paramref name="local"/>: a source is locked for all its names.</param>
/// <param name="warnings">Is told what is ignored of an answer, and who is let in without a server.</param>
internal sealed partial class RadiusAccess(
    IAccessService local, RadiusServers servers, Func<PptpConfiguration> configuration, LoginGuard guard,
    RadiusMemory memory, ILogger warnings) : IAccessService
{
    public async ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken cancellation)
    {
        PptpConfiguration snapshot = configuration();
        PeerCredentials credentials = request.Credentials;
        RadiusQuery query = new(credentials.UserName, request.CalledId)
        {
            Server = (request.Continuation as RadiusContinuation)?.Server,
        };
        if (!snapshot.PppAaa.UseRadius
            || !LoginName.IsUsable(credentials.RawUserName)
            || LocalSecrets.Find(snapshot, credentials.UserName) is not null
            || !servers.Has(query, RadiusPurpose.Authentication))
        {
            return await local.DecideAsync(request, cancellation).ConfigureAwait(false);
        }
        if (!guard.TryBegin(credentials.UserName, request.CallerId, snapshot.PptpServer.LoginFailures))
            return new AccessDecision.Reject(RefusalCause.LockedOut);

        AccessDecision? decision = null;
        try
        {
            decision = await AskAsync(request, query, snapshot, cancellation).ConfigureAwait(false);
            return decision;
        }
        finally
        {
            if (decision is AccessDecision.Accept or AccessDecision.Reject { AdmitsPassword: true })
                guard.Forgive(credentials.UserName, request.CallerId);
            else if (!WasWrong(decision))
                guard.Withdraw(credentials.UserName, request.CallerId);
        }
    }

    /// <summary>Only a server's refusal says that the password may have been wrong.</summary>
    private static bool WasWrong(AccessDecision? decision) =>
        decision is AccessDecision.Reject { Cause: var cause }
        && (cause == RefusalCause.RadiusRejected || cause == RefusalCause.RadiusNotRemembered);

    private async Task<AccessDecision> AskAsync(
        AccessRequest request, RadiusQuery query, PptpConfiguration snapshot, CancellationToken cancellation)
    {
        PeerCredentials credentials = request.Credentials;
        // Whoever answers for a client that has an LM response alone would let in whoever has a PC.
        if (credentials is MsChapV1Credentials { IsLanManagerOnly: true })
            return new AccessDecision.Reject(RefusalCause.LanManagerOnly);
        if (RadiusLogin.Describe(request, snapshot.System.Identity) is not { } login)
            return new AccessDecision.Reject(RefusalCause.RadiusPasswordTooLong);
        RadiusAnswer answer =
            await servers.SendAsync(login, query, RadiusPurpose.Authentication, cancellation).ConfigureAwait(false);
        bool remembers = snapshot.PppAaa.RadiusFallback == RadiusFallback.Cached;
        if (answer is not { Outcome: RadiusOutcome.Reply reply, Peer: { } server })
        {
            AccessDecision.Reject unanswered = new(CauseOf(answer.Outcome), DetailOf(answer));
            return remembers
                ? await RecallAsync(credentials, snapshot, unanswered).ConfigureAwait(false)
                : unanswered;
        }

        AccessDecision decision = RadiusVerdict.Of(request, reply, server, snapshot);
        if (decision is AccessDecision.Accept { Parameters: { User: var user, Radius: { } grant } })
        {
            foreach (string warning in grant.Warnings)
                Log.Ignored(warnings, LogText.Escape(user), server.Row.Address, LogText.Escape(warning));
            if (remembers)
                await memory.RememberAsync(credentials, grant).ConfigureAwait(false);
        }
        else if (remembers && decision is AccessDecision.Reject { Cause: var cause } && cause == RefusalCause.RadiusRejected)
        {
            await memory.ForgetAsync(credentials).ConfigureAwait(false);
        }
        return decision;
    }

    /// <summary>No server answers: who was let in not long ago comes in again.</summary>
    private async Task<AccessDecision> RecallAsync(
        PeerCredentials credentials, PptpConfiguration snapshot, AccessDecision.Reject otherwise)
    {
        if (!RadiusMemory.CanRemember(credentials))
            return otherwise with { Detail = $"{otherwise.Detail}; radius-fallback can check logins by PAP alone" };
        TimeSpan longest = snapshot.PppAaa.RadiusFallbackTime;
        RadiusRecall? recall = await memory.RecallAsync(credentials, longest).ConfigureAwait(false);
        if (recall is null)
            return otherwise with { Detail = $"{otherwise.Detail}; no login of this user is remembered" };
        if (!recall.IsSame)
            return new AccessDecision.Reject(RefusalCause.RadiusNotRemembered, otherwise.Detail);
        SessionParameters parameters = RadiusVerdict.Resolve(snapshot, credentials, recall.Grant);
        Log.Recalled(warnings, LogText.Escape(parameters.User), (long)recall.Age.TotalSeconds, otherwise.Detail!);
        return new AccessDecision.Accept(parameters, null, null);
    }

    private static RefusalCause CauseOf(RadiusOutcome outcome) => outcome switch
    {
        RadiusOutcome.Silent { LastBad: BadReply.WrongSecret or BadReply.WrongMessageAuthenticator } =>
            RefusalCause.RadiusWrongSecret,
        RadiusOutcome.Silent { LastBad: BadReply.NoMessageAuthenticator } => RefusalCause.RadiusUnsigned,
        _ => RefusalCause.RadiusSilent,
    };

    private static string DetailOf(RadiusAnswer answer) => answer.Peer is { Row.Address: var address }
        ? $"{address}: {RadiusPeer.Describe(answer.Outcome)}"
        : RadiusPeer.Describe(answer.Outcome);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "user {User}: of the answer of {Server} {Warning}")]
        public static partial void Ignored(
            ILogger logger, string user, IPAddress server, string warning);

        [LoggerMessage(LogLevel.Warning, "user {User} is let in as {Seconds} s ago, for no RADIUS server answers - {Why}")]
        public static partial void Recalled(ILogger logger, string user, long seconds, string why);
    }
}

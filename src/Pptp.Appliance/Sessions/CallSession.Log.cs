using System.Net;
using Microsoft.Extensions.Logging;

namespace Pptp.Appliance.Sessions;

internal sealed partial class CallSession
{
    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Call}: authenticated")]
        public static partial void Authenticated(ILogger logger, string call);

        [LoggerMessage(LogLevel.Information, "{Call}: using encoding - {Encoding}")]
        public static partial void Encoding(ILogger logger, string call, string encoding);

        [LoggerMessage(LogLevel.Warning, "{Call}: the link is not encrypted - {Why}")]
        public static partial void InClear(ILogger logger, string call, string why);

        [LoggerMessage(LogLevel.Information, "{User} logged in, {Address} from {CallerId}")]
        public static partial void LoggedIn(ILogger logger, string user, IPAddress address, IPAddress callerId);

        [LoggerMessage(LogLevel.Error, "{Call}: filters and lists stay those of a change that was taken back - {Why}")]
        public static partial void NotUndone(ILogger logger, string call, string why);

        [LoggerMessage(LogLevel.Information, "{Call}: connected")]
        public static partial void Connected(ILogger logger, string call);

        [LoggerMessage(LogLevel.Information, "{Call}: terminating... - {Reason}")]
        public static partial void Terminating(ILogger logger, string call, string reason);

        [LoggerMessage(LogLevel.Information, "{Call}: disconnected")]
        public static partial void Disconnected(ILogger logger, string call);

        /// <summary>Uptime in seconds, then octets and packets from and to the client, in RouterOS' order.</summary>
        [LoggerMessage(LogLevel.Information, "{User} logged out, {Uptime} {RxBytes} {TxBytes} {RxPackets} {TxPackets} from {CallerId}")]
        public static partial void LoggedOut(
            ILogger logger, string user, long uptime, long rxBytes, long txBytes, long rxPackets, long txPackets, IPAddress callerId);

        [LoggerMessage(LogLevel.Error, "{Call}: user {User} authentication failed - {Cause}")]
        public static partial void AuthenticationFailed(ILogger logger, string call, string user, string cause);

        [LoggerMessage(LogLevel.Error, "{Call}: user {User} is not let in - there are max-sessions {Limit} already")]
        public static partial void TooManySessions(ILogger logger, string call, string user, int limit);

        /// <summary>The login came to no user and no verdict: malformed, or none came.</summary>
        [LoggerMessage(LogLevel.Error, "{Call}: authentication failed - {Detail}")]
        public static partial void LoginFailed(ILogger logger, string call, string detail);

        [LoggerMessage(LogLevel.Information, "{User} changed the password from {CallerId}")]
        public static partial void PasswordChanged(ILogger logger, string user, IPAddress callerId);

        [LoggerMessage(LogLevel.Error, "{Call}: user {User} is already logged in")]
        public static partial void AlreadyLoggedIn(ILogger logger, string call, string user);

        [LoggerMessage(LogLevel.Error, "{Call}: user {User} could not determine {Side} address - {Why}")]
        public static partial void NoAddress(ILogger logger, string call, string user, string side, string why);

        [LoggerMessage(LogLevel.Error, "{Call}: no interface - {Why}")]
        public static partial void NoInterface(ILogger logger, string call, string why);

        [LoggerMessage(LogLevel.Information, "{Call}: rate-limit is {Limit} from now on")]
        public static partial void RateLimited(ILogger logger, string call, string limit);

        [LoggerMessage(LogLevel.Warning, "{Call}: the interface's queue could not be fitted to the new rate: {Why}")]
        public static partial void QueueNotSet(ILogger logger, string call, string why);

        [LoggerMessage(LogLevel.Error, "{Call}: user {User} could not determine IPv6 prefix - {Source} has none left")]
        public static partial void NoPrefix(ILogger logger, string call, string user, string source);

        [LoggerMessage(LogLevel.Error, "{Call}: no IPv6 - {Why}")]
        public static partial void NoIpv6(ILogger logger, string call, string why);

        /// <summary>The client's prefix is empty where it has none.</summary>
        [LoggerMessage(LogLevel.Information, "{Call}: carries IPv6, {Address} {ClientPrefix}")]
        public static partial void Ipv6Up(ILogger logger, string call, IPAddress address, string clientPrefix);

        [LoggerMessage(LogLevel.Information, "{Call}: carries no IPv6 - {Why}")]
        public static partial void Ipv6Refused(ILogger logger, string call, string why);

        [LoggerMessage(LogLevel.Information, "{Call}: carries no IPv6 any more - {Why}")]
        public static partial void Ipv6Down(ILogger logger, string call, string why);

        [LoggerMessage(LogLevel.Information, "{Call}: LCP missed echo reply")]
        public static partial void MissedEcho(ILogger logger, string call);

        [LoggerMessage(LogLevel.Debug, "{Call}: LCP opened, peer's MRU {PeerMru}")]
        public static partial void LcpUp(ILogger logger, string call, int peerMru);

        [LoggerMessage(LogLevel.Debug, "{Call}: peer identifies itself as {Text}")]
        public static partial void PeerIs(ILogger logger, string call, string text);
    }
}

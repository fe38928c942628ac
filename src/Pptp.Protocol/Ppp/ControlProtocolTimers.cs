namespace Pptp.Protocol.Ppp;

/// <summary>The timer and counters of RFC 1661 §4.6.</summary>
/// <param name="RestartInterval">Time from a request to its retransmission.</param>
/// <param name="MaxConfigure">Configure-Requests sent without a valid answer.</param>
/// <param name="MaxTerminate">Terminate-Requests sent without an answer.</param>
/// <param name="MaxFailure">Naks sent, or received for one of our demands, before agreement is given up.</param>
internal sealed record ControlProtocolTimers(
    TimeSpan RestartInterval, int MaxConfigure, int MaxTerminate, int MaxFailure);

namespace Pptp.Protocol.Ppp;

/// <summary>The events of RFC 1661 §4.3, in the order of the table's rows.</summary>
internal enum AutomatonEvent
{
    Up,
    Down,
    Open,
    Close,

    /// <summary>TO+: the restart timer expired and attempts are left.</summary>
    TimeoutRetry,

    /// <summary>TO-: the restart timer expired and none is left.</summary>
    TimeoutGiveUp,

    /// <summary>RCR+.</summary>
    ConfigureRequestGood,

    /// <summary>RCR-.</summary>
    ConfigureRequestBad,

    /// <summary>RCA.</summary>
    ConfigureAck,

    /// <summary>RCN: Configure-Nak or Configure-Reject.</summary>
    ConfigureNak,

    /// <summary>RTR.</summary>
    TerminateRequest,

    /// <summary>RTA.</summary>
    TerminateAck,

    /// <summary>RUC.</summary>
    UnknownCode,

    /// <summary>RXJ+: a Code-Reject or Protocol-Reject one can live with.</summary>
    RejectPermitted,

    /// <summary>RXJ-: one that cannot be lived with.</summary>
    RejectCatastrophic,

    /// <summary>RXR: Echo-Request, Echo-Reply or Discard-Request.</summary>
    Echo,
}

namespace Pptp.Appliance.Sessions;

/// <summary>Why a session ended, in the terms of RouterOS' last-disconnect-reason, which are those of RFC 2866 §5.10.</summary>
internal enum DisconnectReason
{
    /// <summary>The peer ended the link, the call or the control connection as the protocol wants it.</summary>
    PeerRequest,

    /// <summary>The peer is gone without a word: no answer, or its connection broke.</summary>
    HungUp,

    IdleTimeout,

    SessionTimeout,

    /// <summary>The operator ended this session.</summary>
    Reset,

    /// <summary>The daemon ends.</summary>
    Reboot,

    /// <summary>The tunnel's interface or data path failed.</summary>
    PortError,

    /// <summary>The peer did what no link can go on with, or we have failed.</summary>
    NasError,

    /// <summary>The session was ended by rule: a limit reached, another login, a change of the configuration.</summary>
    NasRequest,
}

internal static class DisconnectReasonWords
{
    /// <summary>RouterOS' word for it.</summary>
    public static string Word(this DisconnectReason reason) => reason switch
    {
        DisconnectReason.PeerRequest => "peer-request",
        DisconnectReason.HungUp => "hung-up",
        DisconnectReason.IdleTimeout => "idle-timeout",
        DisconnectReason.SessionTimeout => "session-timeout",
        DisconnectReason.Reset => "reset",
        DisconnectReason.Reboot => "reboot",
        DisconnectReason.PortError => "port-error",
        DisconnectReason.NasError => "nas-error",
        _ => "nas-request",
    };
}

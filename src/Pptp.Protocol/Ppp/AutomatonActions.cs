namespace Pptp.Protocol.Ppp;

/// <summary>The actions of RFC 1661 §4.4, carried out from the lowest bit up.</summary>
[Flags]
internal enum AutomatonActions
{
    None = 0,

    /// <summary>tld.</summary>
    LayerDown = 1 << 0,

    /// <summary>irc.</summary>
    InitializeRestartCount = 1 << 1,

    /// <summary>zrc.</summary>
    ZeroRestartCount = 1 << 2,

    /// <summary>scr.</summary>
    SendConfigureRequest = 1 << 3,

    /// <summary>sca.</summary>
    SendConfigureAck = 1 << 4,

    /// <summary>scn: Nak or Reject.</summary>
    SendConfigureNak = 1 << 5,

    /// <summary>str.</summary>
    SendTerminateRequest = 1 << 6,

    /// <summary>sta.</summary>
    SendTerminateAck = 1 << 7,

    /// <summary>scj.</summary>
    SendCodeReject = 1 << 8,

    /// <summary>ser.</summary>
    SendEchoReply = 1 << 9,

    /// <summary>tls.</summary>
    LayerStarted = 1 << 10,

    /// <summary>tlu.</summary>
    LayerUp = 1 << 11,

    /// <summary>tlf.</summary>
    LayerFinished = 1 << 12,
}

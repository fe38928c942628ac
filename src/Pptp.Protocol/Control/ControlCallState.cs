namespace Pptp.Protocol.Control;

/// <summary>Where a call stands. All but <see cref="Established"/> are states of transition (RFC 2637 §3.2.1).</summary>
internal enum ControlCallState
{
    /// <summary>The owner has to accept or refuse it (wait_cs_ans of a PAC).</summary>
    Undecided,

    /// <summary>We sent Outgoing-Call-Request; the peer has yet to reply (wait_reply of a PNS).</summary>
    WaitReply,

    /// <summary>Accepted; the peer, its PAC, has yet to say Incoming-Call-Connected (wait_connect of a PNS).</summary>
    WaitConnected,

    Established,

    /// <summary>We sent Call-Clear-Request; the peer, its PAC, has yet to notify (wait_disconnect of a PNS).</summary>
    WaitDisconnect,
}

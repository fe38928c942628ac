namespace Pptp.Testing.Calling;

/// <summary>How far a call has come. Each phase includes the ones before it.</summary>
public enum CallPhase
{
    /// <summary>The Outgoing-Call-Request is on its way.</summary>
    Requested,

    /// <summary>The server took the call: there is an Outgoing-Call-Reply with result 1.</summary>
    Dialled,

    /// <summary>LCP is open.</summary>
    LinkUp,

    /// <summary>The response to the server's challenge has left.</summary>
    Responded,

    /// <summary>The server said Success, and proved that it knows the password too.</summary>
    Authenticated,

    /// <summary>CCP is open with MPPE.</summary>
    Encrypted,

    /// <summary>IPCP is open, and CCP where encryption is wanted.</summary>
    Up,
}

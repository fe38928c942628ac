namespace Pptp.Model;

/// <summary>A form of MPPE (RFC 3078), strongest first: the bits of its key, and how often the key changes.</summary>
public enum MppeForm
{
    /// <summary>A new key for each packet.</summary>
    Mppe128Stateless,

    /// <summary>A new key every 256 packets; a lost packet costs those that follow it up to a reset.</summary>
    Mppe128Stateful,

    Mppe56Stateless,

    Mppe56Stateful,

    Mppe40Stateless,

    Mppe40Stateful,
}

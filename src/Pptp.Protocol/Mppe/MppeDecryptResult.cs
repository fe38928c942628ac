namespace Pptp.Protocol.Mppe;

/// <summary>What became of one received MPPE packet. Only <see cref="Ok"/> changes the key state.</summary>
public enum MppeDecryptResult
{
    /// <summary>Decrypted, and the plaintext begins with a protocol field MPPE may carry.</summary>
    Ok,

    /// <summary>Shorter than the header and one byte.</summary>
    TooShort,

    /// <summary>Bit D is clear: the peer did not encrypt it.</summary>
    NotEncrypted,

    /// <summary>Bit C is set: compressed, which nobody agreed to.</summary>
    Compressed,

    /// <summary>Bit A is clear where it must be set: on a stateless link, or on a "flag" packet.</summary>
    NotFlushed,

    /// <summary>The count is further ahead than packets can be missing.</summary>
    GapTooLarge,

    /// <summary>
    /// More packets are missing than keys are ever walked over. When it goes on, the link cannot be saved.
    /// </summary>
    Unresolvable,

    /// <summary>The walk would cost more than refused packets may at this time.</summary>
    TooCostly,

    /// <summary>Plausible, but so far ahead that a second packet has to agree before the keys move.</summary>
    Unconfirmed,

    /// <summary>The plaintext is none: forged, damaged, or the two sides no longer share a key.</summary>
    BadProtocol,

    /// <summary>
    /// Stateful only: packets were lost. Send a CCP Reset-Request; its answer decrypts again. Comes again after a
    /// while without an answer.
    /// </summary>
    Lost,

    /// <summary>Stateful only: dropped while waiting for the packet that answers the Reset-Request.</summary>
    AwaitingReset,

    /// <summary>Stateful only: no Reset-Request was answered. The link cannot be saved.</summary>
    ResetUnanswered,
}

namespace Pptp.Protocol.Control;

/// <summary>What is wrong with bytes that should be a control message.</summary>
public enum ControlDecodeError
{
    None,

    /// <summary>The Length field is that of no message, not that of this type, or not what was handed over.</summary>
    Length,

    /// <summary>The PPTP Message Type is not 1, Control Message (RFC 2637 §1.4).</summary>
    MessageType,

    /// <summary>The Magic Cookie is not 0x1A2B3C4D: the stream is out of step (RFC 2637 §1.4).</summary>
    MagicCookie,

    /// <summary>The Control Message Type is none of the fifteen.</summary>
    ControlMessageType,
}

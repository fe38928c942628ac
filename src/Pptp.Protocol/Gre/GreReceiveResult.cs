namespace Pptp.Protocol.Gre;

/// <summary>What became of a packet handed to <see cref="GreCall.Receive"/>.</summary>
public enum GreReceiveResult
{
    /// <summary>The payload is next in order: process it now, where it lies.</summary>
    Deliver,

    /// <summary>Copied. It comes out of <see cref="GreCall.TryTakeHeld"/> when its turn has come, or never.</summary>
    Held,

    /// <summary>Its place in the order has gone by. RFC 2637 §4.3: not to be passed up.</summary>
    Late,

    /// <summary>The same sequence number was seen before.</summary>
    Duplicate,

    /// <summary>An acknowledgement alone.</summary>
    NoPayload,

    /// <summary>Out of order and too long to be kept, or no room is left.</summary>
    Rejected,
}

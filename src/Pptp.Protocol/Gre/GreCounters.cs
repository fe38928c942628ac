namespace Pptp.Protocol.Gre;

/// <summary>
/// What one call's GRE has seen. Written by the owner of the <see cref="GreCall"/> alone; others may read, each
/// number by itself.
/// </summary>
public sealed class GreCounters
{
    /// <summary>Packets with a payload received, whatever became of them.</summary>
    public long Received { get; internal set; }

    /// <summary>Frames handed up, in order.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Numbers given up waiting for. One that comes later is also counted in <see cref="Late"/>.</summary>
    public long Lost { get; internal set; }

    /// <summary>Packets behind the order that were not seen before.</summary>
    public long Late { get; internal set; }

    /// <summary>Packets seen before.</summary>
    public long Duplicate { get; internal set; }

    /// <summary>Frames handed up from the reorder buffer.</summary>
    public long Reordered { get; internal set; }

    /// <summary>Packets out of order that were too long to be kept, found no room, or were never believed.</summary>
    public long Rejected { get; internal set; }

    /// <summary>Times the order was taken up elsewhere, on the word of two packets. The gap is not in Lost.</summary>
    public long Resynchronizations { get; internal set; }

    /// <summary>Packets with a payload sent.</summary>
    public long Sent { get; internal set; }

    /// <summary>Acknowledgements sent alone.</summary>
    public long AcknowledgementsSent { get; internal set; }

    /// <summary>Acknowledgements of the peer that came alone.</summary>
    public long AcknowledgementsReceived { get; internal set; }

    /// <summary>Acknowledgements of what was never sent.</summary>
    public long AcknowledgementsInvalid { get; internal set; }

    /// <summary>Packets sent although the peer's window was full (RFC 2637 §4.2 would have waited).</summary>
    public long WindowExceeded { get; internal set; }

    /// <summary>Times the adaptive time-out of RFC 2637 §4.4 passed without an acknowledgement.</summary>
    public long AcknowledgementTimeouts { get; internal set; }
}

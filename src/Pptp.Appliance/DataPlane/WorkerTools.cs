using Pptp.Appliance.DataPlane.Offload;

namespace Pptp.Appliance.DataPlane;

/// <summary>What the paths of one worker share: all of it is used by one of them at a time.</summary>
internal sealed record WorkerTools(
    WorkerBuffers Buffers, TransmitQueue Transmit, ReceiveQueue Receive, Coalescer Coalescer);

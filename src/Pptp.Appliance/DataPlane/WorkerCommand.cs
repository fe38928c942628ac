using Pptp.Model;

namespace Pptp.Appliance.DataPlane;

internal enum WorkerCommandKind
{
    Connect,
    TakeFragments,
    Send,
    Open,
    SetRates,
    SetLimits,
    SetIpv6,
    SendPacket,
    ResetTransmit,
    Halt,
    Close,
}

/// <summary>What an actor wants of the worker, for one path.</summary>
internal readonly record struct WorkerCommand(
    WorkerCommandKind Kind,
    DataPath Path,
    byte[]? Frame = null,
    DataPathParameters? Parameters = null,
    RateLimit? RateLimit = null,
    (long In, long Out, long Total) Limits = default,
    Ipv6PathParameters? Ipv6 = null,
    ushort PeerCallId = 0,
    ushort PeerReceiveWindow = 0,
    int? Mrru = null);

using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Control;

/// <summary>
/// The calls of one control connection, found by the peer's id and, once accepted, by ours.
/// </summary>
internal sealed class ControlCallTable
{
    private readonly Dictionary<ushort, ControlCall> _byPeerId = [];
    private readonly Dictionary<ushort, ControlCall> _byId = [];

    // Requests the owner has not answered yet, oldest first.
    private readonly List<ControlCall> _undecided = [];

    /// <summary>Accepted and undecided calls.</summary>
    public int Count => _byPeerId.Count;

    /// <summary>A copy, so that calls may be removed meanwhile.</summary>
    public ControlCall[] Accepted => [.. _byId.Values];

    /// <summary>When the call that has waited longest for a decision was requested.</summary>
    public TimeSpan? OldestUndecided => _undecided.Count > 0 ? _undecided[0].RequestedAt : null;

    public bool HasPeerId(ushort peerCallId) => _byPeerId.ContainsKey(peerCallId);

    public bool HasId(ushort callId) => _byId.ContainsKey(callId);

    public bool TryGetByPeerId(ushort peerCallId, [NotNullWhen(true)] out ControlCall? call) =>
        _byPeerId.TryGetValue(peerCallId, out call);

    public bool TryGetById(ushort callId, [NotNullWhen(true)] out ControlCall? call) =>
        _byId.TryGetValue(callId, out call);

    public bool TryGetUndecided(ushort peerCallId, [NotNullWhen(true)] out ControlCall? call) =>
        _byPeerId.TryGetValue(peerCallId, out call) && !call.Accepted;

    public void Add(OutgoingCallRequest request, TimeSpan now)
    {
        var call = new ControlCall(request, now);
        _byPeerId.Add(call.PeerCallId, call);
        _undecided.Add(call);
    }

    public void Accept(ControlCall call, ushort callId)
    {
        _undecided.Remove(call);
        call.Accepted = true;
        call.CallId = callId;
        _byId.Add(callId, call);
    }

    public void Remove(ControlCall call)
    {
        _byPeerId.Remove(call.PeerCallId);
        if (call.Accepted)
            _byId.Remove(call.CallId);
        else
            _undecided.Remove(call);
    }

    public void Clear()
    {
        _byPeerId.Clear();
        _byId.Clear();
        _undecided.Clear();
    }
}

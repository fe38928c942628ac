using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Control;

/// <summary>
/// The calls of one control connection, found by the peer's id and, while accepted, by ours.
/// </summary>
internal sealed class ControlCallTable
{
    private readonly Dictionary<ushort, ControlCall> _byPeerId = [];
    private readonly Dictionary<ushort, ControlCall> _byId = [];

    // Calls in a state of transition, the one that is longest in its own first.
    private readonly List<ControlCall> _inTransition = [];

    /// <summary>Accepted and undecided calls, and those whose end the peer has yet to confirm.</summary>
    public int Count => _byPeerId.Count;

    /// <summary>A copy, so that calls may be removed meanwhile.</summary>
    public ControlCall[] Accepted => [.. _byId.Values];

    /// <summary>Since when the call that is longest in a state of transition is in it.</summary>
    public TimeSpan? OldestTransition => _inTransition.Count > 0 ? _inTransition[0].Since : null;

    public bool HasPeerId(ushort peerCallId) => _byPeerId.ContainsKey(peerCallId);

    public bool HasId(ushort callId) => _byId.ContainsKey(callId);

    public bool TryGetByPeerId(ushort peerCallId, [NotNullWhen(true)] out ControlCall? call) =>
        _byPeerId.TryGetValue(peerCallId, out call);

    public bool TryGetById(ushort callId, [NotNullWhen(true)] out ControlCall? call) =>
        _byId.TryGetValue(callId, out call);

    public bool TryGetUndecided(ushort peerCallId, [NotNullWhen(true)] out ControlCall? call) =>
        _byPeerId.TryGetValue(peerCallId, out call) && call.State == ControlCallState.Undecided;

    public void Add(ControlCall call)
    {
        _byPeerId.Add(call.PeerCallId, call);
        _inTransition.Add(call);
    }

    public void Accept(ControlCall call, ushort callId, TimeSpan now)
    {
        call.CallId = callId;
        _byId.Add(callId, call);
        Move(call, call.IsIncoming ? ControlCallState.WaitConnected : ControlCallState.Established, now);
    }

    public void Connect(ControlCall call, TimeSpan now) => Move(call, ControlCallState.Established, now);

    /// <summary>Our id is free; the peer's stays taken until the peer has confirmed.</summary>
    public void WaitForDisconnect(ControlCall call, TimeSpan now)
    {
        _byId.Remove(call.CallId);
        Move(call, ControlCallState.WaitDisconnect, now);
    }

    public void Remove(ControlCall call)
    {
        _byPeerId.Remove(call.PeerCallId);
        if (call.IsAccepted)
            _byId.Remove(call.CallId);
        _inTransition.Remove(call);
    }

    public void Clear()
    {
        _byPeerId.Clear();
        _byId.Clear();
        _inTransition.Clear();
    }

    private void Move(ControlCall call, ControlCallState state, TimeSpan now)
    {
        _inTransition.Remove(call);
        call.State = state;
        call.Since = now;
        if (state != ControlCallState.Established)
            _inTransition.Add(call);
    }
}

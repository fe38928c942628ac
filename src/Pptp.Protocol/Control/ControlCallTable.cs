using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Control;

/// <summary>
/// The calls of one control connection, found by the peer's id once it is known, and by ours: a call of the peer's
/// while it is accepted, a call we placed for as long as it is here.
/// </summary>
internal sealed class ControlCallTable
{
    private readonly Dictionary<ushort, ControlCall> _byPeerId = [];
    private readonly Dictionary<ushort, ControlCall> _byId = [];

    // Calls in a state of transition, the one that is longest in its own first.
    private readonly List<ControlCall> _inTransition = [];

    /// <summary>Accepted, placed and undecided calls, and those whose end the peer has yet to confirm.</summary>
    public int Count { get; private set; }

    /// <summary>A copy, so that calls may be removed meanwhile.</summary>
    public ControlCall[] Owned => [.. _byId.Values.Where(call => call.IsOwned)];

    /// <summary>Since when the call that is longest in a state of transition is in it.</summary>
    public TimeSpan? OldestTransition => _inTransition.Count > 0 ? _inTransition[0].Since : null;

    public bool HasPeerId(ushort peerCallId) => _byPeerId.ContainsKey(peerCallId);

    public bool HasId(ushort callId) => _byId.ContainsKey(callId);

    public bool HasOwned(ushort callId) => TryGetOwned(callId, out _);

    public bool TryGetByPeerId(ushort peerCallId, [NotNullWhen(true)] out ControlCall? call) =>
        _byPeerId.TryGetValue(peerCallId, out call);

    public bool TryGetById(ushort callId, [NotNullWhen(true)] out ControlCall? call) =>
        _byId.TryGetValue(callId, out call);

    public bool TryGetOwned(ushort callId, [NotNullWhen(true)] out ControlCall? call) =>
        _byId.TryGetValue(callId, out call) && call.IsOwned;

    public bool TryGetUndecided(ushort peerCallId, [NotNullWhen(true)] out ControlCall? call) =>
        _byPeerId.TryGetValue(peerCallId, out call) && call.State == ControlCallState.Undecided;

    /// <summary>Adds a call in a state of transition, with the ids it has.</summary>
    public void Add(ControlCall call)
    {
        if (call.PeerCallId is ushort peerCallId)
            _byPeerId.Add(peerCallId, call);
        if (call.IsPlaced)
            _byId.Add(call.CallId, call);
        _inTransition.Add(call);
        Count++;
    }

    public void Accept(ControlCall call, ushort callId, TimeSpan now)
    {
        call.CallId = callId;
        _byId.Add(callId, call);
        Move(call, call.IsOursAsPns ? ControlCallState.WaitConnected : ControlCallState.Established, now);
    }

    public void Connect(ControlCall call, TimeSpan now) => Move(call, ControlCallState.Established, now);

    /// <summary>The peer has told its id of a call we placed, no other call's.</summary>
    public void Identify(ControlCall call, ushort peerCallId)
    {
        call.PeerCallId = peerCallId;
        _byPeerId.Add(peerCallId, call);
    }

    /// <summary>
    /// The peer's id stays taken until the peer has confirmed. So does ours of a call we placed, which a late reply
    /// would name; of any other it is free.
    /// </summary>
    public void WaitForDisconnect(ControlCall call, TimeSpan now)
    {
        if (!call.IsPlaced)
            _byId.Remove(call.CallId);
        Move(call, ControlCallState.WaitDisconnect, now);
    }

    public void Remove(ControlCall call)
    {
        if (call.PeerCallId is ushort peerCallId)
            _byPeerId.Remove(peerCallId);
        if (call.IsOwned || call.IsPlaced)
            _byId.Remove(call.CallId);
        _inTransition.Remove(call);
        Count--;
    }

    public void Clear()
    {
        _byPeerId.Clear();
        _byId.Clear();
        _inTransition.Clear();
        Count = 0;
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

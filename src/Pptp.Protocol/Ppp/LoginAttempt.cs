using System.Diagnostics.CodeAnalysis;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Ppp;

/// <summary>
/// The side of a login that is asked, with a clock: what it last said is said again until it is answered, so that
/// neither a lost answer nor a lost verdict leaves a link hanging.
/// </summary>
internal sealed class LoginAttempt(AuthenticationPeer peer, ChapTimers timers) : ILoginSide, IDisposable
{
    private readonly Queue<AuthenticationEvent> _events = new();
    private AuthenticationEvent.Send? _said;
    private int _waits;
    private bool _isDecided;

    public ushort Protocol => peer.Protocol;

    public TimeSpan? NextDeadline { get; private set; }

    public void Start(TimeSpan now)
    {
        NextDeadline = now + timers.RetransmitInterval;
        // PAP is the one where the side that is asked speaks first.
        (peer as PapPeer)?.SendRequest();
        Drain();
    }

    public void Receive(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        bool isFirst = _said is null;
        peer.Receive(packet);
        Drain();
        if (!isFirst || _said is null || _isDecided) return;
        // The peer has come to ask: from here on it is the answer that is waited for.
        _waits = 0;
        NextDeadline = now + timers.RetransmitInterval;
    }

    public void Advance(TimeSpan now)
    {
        if (NextDeadline is not { } deadline || deadline > now) return;
        if (++_waits >= timers.MaximumTransmissions)
        {
            Decide(new AuthenticationEvent.Failed("the peer does not answer the login"));
            return;
        }
        NextDeadline = now + timers.RetransmitInterval;
        if (peer is PapPeer pap) pap.SendRequest();
        else if (_said is { } said) _events.Enqueue(said);
        Drain();
    }

    public bool TryTake([NotNullWhen(true)] out AuthenticationEvent? authenticationEvent) =>
        _events.TryDequeue(out authenticationEvent);

    /// <summary>The MPPE start keys of the login that succeeded; null where the method yields none.</summary>
    public MppeStartKeys? DeriveKeys() => peer switch
    {
        MsChapV2Peer second => second.DeriveKeys(),
        MsChapV1Peer first => first.DeriveKeys(),
        _ => null,
    };

    public void Dispose() => peer.Dispose();

    private void Drain()
    {
        while (peer.TryTake(out AuthenticationEvent? happened))
        {
            if (happened is AuthenticationEvent.Send send)
            {
                _said = send;
                _events.Enqueue(send);
            }
            else
            {
                Decide(happened);
            }
        }
    }

    /// <summary>The first verdict is the one that counts; the answers to later challenges go on.</summary>
    private void Decide(AuthenticationEvent verdict)
    {
        NextDeadline = null;
        if (_isDecided && verdict is AuthenticationEvent.Succeeded) return;
        _isDecided = true;
        _events.Enqueue(verdict);
    }
}

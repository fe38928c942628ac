using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of an authentication protocol that asks. One object per link and method; a state machine without clock
/// or I/O: times are monotonic since an arbitrary origin, output is a queue its owner drains.
/// </summary>
public abstract class Authenticator : ILoginSide
{
    private readonly Queue<AuthenticationEvent> _events = new();

    /// <summary>The PPP protocol number of the packets.</summary>
    public abstract ushort Protocol { get; }

    /// <summary>When <see cref="Advance"/> next has something to do; null: nothing is timed now.</summary>
    public abstract TimeSpan? NextDeadline { get; }

    /// <summary>
    /// Begins, when LCP opens; begins anew with nothing remembered, when LCP opens again. A verdict asked for before
    /// must then no longer be given.
    /// </summary>
    public abstract void Start(TimeSpan now);

    /// <summary>Takes one packet: the information field of a PPP frame of this protocol, of any content.</summary>
    public abstract void Receive(ReadOnlySpan<byte> packet, TimeSpan now);

    /// <summary>Does what is due at <paramref name="now"/>.</summary>
    public abstract void Advance(TimeSpan now);

    /// <summary>
    /// Answers the last <see cref="AuthenticationEvent.CredentialsReceived"/>. Without an open question it does
    /// nothing.
    /// </summary>
    public abstract void Decide(AuthenticationVerdict verdict, TimeSpan now);

    /// <summary>Takes the next event, in the order they arose.</summary>
    public bool TryTake([NotNullWhen(true)] out AuthenticationEvent? authenticationEvent) =>
        _events.TryDequeue(out authenticationEvent);

    private protected void Raise(AuthenticationEvent authenticationEvent) => _events.Enqueue(authenticationEvent);
}

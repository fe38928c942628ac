using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of an authentication protocol that is asked. One object per link and method; without clock or I/O, its
/// output is a queue its owner drains. Takes no further try: a failure is the end.
/// </summary>
public abstract class AuthenticationPeer : IDisposable
{
    private readonly Queue<AuthenticationEvent> _events = new();

    /// <summary>The PPP protocol number of the packets.</summary>
    public abstract ushort Protocol { get; }

    /// <summary>Takes one packet: the information field of a PPP frame of this protocol, of any content.</summary>
    public abstract void Receive(ReadOnlySpan<byte> packet);

    /// <summary>Takes the next event: Send, Succeeded or Failed.</summary>
    public bool TryTake([NotNullWhen(true)] out AuthenticationEvent? authenticationEvent) =>
        _events.TryDequeue(out authenticationEvent);

    /// <summary>Zeroes the password or its hash.</summary>
    public abstract void Dispose();

    private protected void Raise(AuthenticationEvent authenticationEvent) => _events.Enqueue(authenticationEvent);
}

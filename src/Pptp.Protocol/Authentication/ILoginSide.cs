using System.Diagnostics.CodeAnalysis;

namespace Pptp.Protocol.Authentication;

/// <summary>One side of a login as a link drives it: the <see cref="Authenticator"/> or who is asked.</summary>
internal interface ILoginSide
{
    /// <summary>The PPP protocol number of the packets.</summary>
    ushort Protocol { get; }

    /// <summary>When <see cref="Advance"/> next has something to do; null: nothing is timed now.</summary>
    TimeSpan? NextDeadline { get; }

    /// <summary>LCP has opened.</summary>
    void Start(TimeSpan now);

    void Receive(ReadOnlySpan<byte> packet, TimeSpan now);

    void Advance(TimeSpan now);

    bool TryTake([NotNullWhen(true)] out AuthenticationEvent? authenticationEvent);
}

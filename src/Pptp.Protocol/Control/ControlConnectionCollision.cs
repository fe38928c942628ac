using System.Net;

namespace Pptp.Protocol.Control;

/// <summary>
/// RFC 2637 §3.1.3: when both ends have opened a control connection to each other at the same time, the one that the
/// end with the higher address has opened stays, and the other is closed.
/// </summary>
public static class ControlConnectionCollision
{
    /// <summary>
    /// Whether the connection that we have opened stays; if not, the peer's stays. Both ends come to the same result.
    /// </summary>
    /// <exception cref="ArgumentException">The addresses are of different families, or the same address.</exception>
    public static bool OursStays(IPAddress local, IPAddress remote)
    {
        ArgumentNullException.ThrowIfNull(local);
        ArgumentNullException.ThrowIfNull(remote);
        Span<byte> ours = stackalloc byte[16];
        Span<byte> theirs = stackalloc byte[16];
        local.TryWriteBytes(ours, out int length);
        remote.TryWriteBytes(theirs, out int otherLength);
        if (length != otherLength)
            throw new ArgumentException($"{remote} is not of the family of {local}.", nameof(remote));
        int order = ours[..length].SequenceCompareTo(theirs[..length]);
        return order != 0 ? order > 0 : throw new ArgumentException($"{local} is both ends.", nameof(remote));
    }
}

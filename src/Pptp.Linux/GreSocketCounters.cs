namespace Pptp.Linux;

/// <summary>What a <see cref="GreSocket"/> counted since it was opened.</summary>
/// <param name="Received">Packets handed over.</param>
/// <param name="Truncated">Packets dropped because they were longer than a slot.</param>
/// <param name="ReceiveErrors">Calls of recvmmsg that failed otherwise than by having nothing.</param>
/// <param name="Sent">Packets the kernel took.</param>
/// <param name="DroppedNoRoom">Dropped because a buffer or queue was full: EAGAIN, ENOBUFS, ENOMEM.</param>
/// <param name="DroppedForbidden">Dropped by a local rule, such as a firewall's output chain: EPERM, EACCES.</param>
/// <param name="DroppedUnreachable">
/// Dropped because there is no way to the peer, or the local address is gone: ENETUNREACH, EHOSTUNREACH, EHOSTDOWN,
/// ENETDOWN, EINVAL, EADDRNOTAVAIL.
/// </param>
/// <param name="DroppedTooLong">Dropped because longer than the path takes: EMSGSIZE.</param>
/// <param name="DroppedOther">Dropped for another reason; see <see cref="GreSocket.LastSendError"/>.</param>
public readonly record struct GreSocketCounters(
    long Received,
    long Truncated,
    long ReceiveErrors,
    long Sent,
    long DroppedNoRoom,
    long DroppedForbidden,
    long DroppedUnreachable,
    long DroppedTooLong,
    long DroppedOther);

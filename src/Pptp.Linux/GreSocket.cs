using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// The one raw GRE socket of a network namespace (IP protocol 47), unconnected, never blocking. Receives only what
/// RFC 2637 §4.1 describes; sends each packet from the address it is told, with "don't fragment" clear.
/// </summary>
/// <remarks>
/// <see cref="Receive"/> belongs to one thread; <see cref="Send"/> may be called by many, each with its own batch.
/// A second socket of this kind in the namespace would get a copy of every packet and make each of them dearer.
/// </remarks>
public sealed unsafe class GreSocket : IGreReceiver, IGreSender, IDisposable
{
    private const int WantedReceiveBuffer = 8 << 20;
    private const int WantedSendBuffer = 4 << 20;
    private const int IpProtocolGre = 47;
    private const int SoMemoryInformation = 55; // SO_MEMINFO
    private const int MemoryInformationDrops = 8; // SK_MEMINFO_DROPS
    private const int DoNotDiscoverPathMtu = 0; // IP_PMTUDISC_DONT
    private const string Target = "the GRE socket";

    private int _descriptor;
    private long _received;
    private long _truncated;
    private long _receiveErrors;
    private long _sent;
    private long _noRoom;
    private long _forbidden;
    private long _unreachable;
    private long _tooLong;
    private long _other;
    private int _lastSendError;

    /// <summary>Opens the socket in this thread's network namespace.</summary>
    /// <param name="receives">False: it only sends, and keeps the kernel from refusing GRE; a <see cref="GreRing"/> receives.</param>
    /// <exception cref="LinuxException">EPERM: CAP_NET_RAW is missing. EMFILE, ENFILE, ENOMEM, ENOBUFS.</exception>
    public GreSocket(bool receives = true)
    {
        _descriptor = OpenDescriptor();
        try
        {
            if (receives)
                GreFilter.Attach(_descriptor);
            else
                GreFilter.AttachNothing(_descriptor);

            // What came between socket() and the filter was not filtered: away with it.
            Drain();
            SetOption(SOL_IP, IP_MTU_DISCOVER, DoNotDiscoverPathMtu, "setsockopt(IP_MTU_DISCOVER)");
            ReceiveBufferSize = Enlarge(SO_RCVBUFFORCE, SO_RCVBUF, WantedReceiveBuffer);
            SendBufferSize = Enlarge(SO_SNDBUFFORCE, SO_SNDBUF, WantedSendBuffer);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>For <see cref="EventPoll"/>. -1 after <see cref="Dispose"/>.</summary>
    public int Descriptor => _descriptor;

    /// <summary>
    /// What the kernel granted, in bytes of its own accounting: 16 MiB, or less without CAP_NET_ADMIN.
    /// </summary>
    public int ReceiveBufferSize { get; }

    /// <summary>
    /// What the kernel granted, in bytes of its own accounting: 8 MiB, or less without CAP_NET_ADMIN.
    /// </summary>
    public int SendBufferSize { get; }

    /// <summary>The error number of the packet dropped last when sending; 0: none yet.</summary>
    public int LastSendError => Volatile.Read(ref _lastSendError);

    public GreSocketCounters Counters => new(
        Volatile.Read(ref _received),
        Volatile.Read(ref _truncated),
        Volatile.Read(ref _receiveErrors),
        Volatile.Read(ref _sent),
        Volatile.Read(ref _noRoom),
        Volatile.Read(ref _forbidden),
        Volatile.Read(ref _unreachable),
        Volatile.Read(ref _tooLong),
        Volatile.Read(ref _other));

    /// <summary>
    /// Takes up to 64 packets that wait. Packets longer than a slot are dropped and counted, so fewer than 64 (even
    /// none) does not prove that the queue is empty; the poll set tells.
    /// </summary>
    /// <returns>Packets now in <paramref name="batch"/>; what was in it before is forgotten.</returns>
    public int Receive(GreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        NativeMethods.MessageVector* headers = batch.PrepareReceive();
        int received = NativeMethods.ReceiveMessages(_descriptor, headers, GreBatch.Capacity, MSG_DONTWAIT, null);
        if (received < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is not (Errno.EAGAIN or Errno.EINTR))
            {
                ThrowIfMisused("recvmmsg", error);
                _receiveErrors++;
            }

            return 0;
        }

        int truncated = batch.CompleteReceive(received);
        _truncated += truncated;
        _received += batch.Count;
        return batch.Count;
    }

    /// <summary>
    /// Sends all packets of <paramref name="batch"/> and empties it. A packet the kernel does not take is dropped and
    /// counted, and the next one is tried.
    /// </summary>
    /// <returns>Packets the kernel took.</returns>
    public int Send(GreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int total = batch.Count;
        NativeMethods.MessageVector* headers = batch.PrepareSend();
        int next = 0;
        int sent = 0;
        while (next < total)
        {
            int taken = NativeMethods.SendMessages(_descriptor, headers + next, (uint)(total - next), MSG_DONTWAIT);
            if (taken > 0)
            {
                next += taken;
                sent += taken;
                continue;
            }

            // sendmmsg stops at the first packet that fails, and says why only when no packet went before it.
            int error = taken < 0 ? Marshal.GetLastPInvokeError() : Errno.EAGAIN;
            if (error != Errno.EINTR)
            {
                CountDrop(error);
                next++;
            }
        }

        batch.Clear();
        Interlocked.Add(ref _sent, sent);
        return sent;
    }

    /// <summary>Packets the kernel dropped since the start because the receive buffer was full.</summary>
    /// <exception cref="LinuxException">The kernel is older than 4.12.</exception>
    public uint ReadKernelDrops()
    {
        uint* information = stackalloc uint[MemoryInformationDrops + 1];
        Tmds.Linux.socklen_t length = (MemoryInformationDrops + 1) * sizeof(uint);
        if (getsockopt(_descriptor, SOL_SOCKET, SoMemoryInformation, information, &length) < 0)
        {
            throw new LinuxException("getsockopt(SO_MEMINFO)", Target, errno);
        }

        return information[MemoryInformationDrops];
    }

    public long ReadDrops() => ReadKernelDrops();

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = close(descriptor);
        }
    }

    internal static int OpenDescriptor()
    {
        int descriptor = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IpProtocolGre);
        return descriptor >= 0
            ? descriptor
            : throw new LinuxException("socket(AF_INET, SOCK_RAW)", "IP protocol 47 (GRE)", errno);
    }

    /// <summary>Another way out has sent packets.</summary>
    internal void CountSent(int count) => Interlocked.Add(ref _sent, count);

    /// <summary>A packet was not taken, by this socket or another way out.</summary>
    internal void CountDrop(int error)
    {
        switch (error)
        {
            case Errno.EAGAIN or Errno.ENOBUFS or Errno.ENOMEM:
                Interlocked.Increment(ref _noRoom);
                break;
            case Errno.EPERM or Errno.EACCES:
                Interlocked.Increment(ref _forbidden);
                break;
            case Errno.ENETUNREACH or Errno.EHOSTUNREACH or Errno.EHOSTDOWN or Errno.ENETDOWN or Errno.EINVAL
                or Errno.EADDRNOTAVAIL:
                Interlocked.Increment(ref _unreachable);
                break;
            case Errno.EMSGSIZE:
                Interlocked.Increment(ref _tooLong);
                break;
            default:
                ThrowIfMisused("sendmmsg", error);
                Interlocked.Increment(ref _other);
                break;
        }

        Volatile.Write(ref _lastSendError, error);
    }

    private void ThrowIfMisused(string call, int error)
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        if (error is Errno.EBADF or Errno.EFAULT or Errno.ENOTSOCK)
        {
            throw new LinuxException(call, Target, error);
        }
    }

    private void Drain()
    {
        byte nothing;
        while (recvfrom(_descriptor, &nothing, 1, MSG_DONTWAIT, null, null) >= 0)
        {
        }
    }

    private int Enlarge(int forced, int ordinary, int size)
    {
        // Twice what is asked for is granted. Forcing needs CAP_NET_ADMIN; without, net.core.[rw]mem_max is the limit.
        if (setsockopt(_descriptor, SOL_SOCKET, forced, &size, sizeof(int)) < 0)
        {
            SetOption(SOL_SOCKET, ordinary, size, "setsockopt(SO_RCVBUF, SO_SNDBUF)");
        }

        int granted;
        Tmds.Linux.socklen_t length = sizeof(int);
        return getsockopt(_descriptor, SOL_SOCKET, ordinary, &granted, &length) < 0
            ? throw new LinuxException("getsockopt(SO_RCVBUF, SO_SNDBUF)", Target, errno)
            : granted;
    }

    private void SetOption(int level, int option, int value, string call)
    {
        if (setsockopt(_descriptor, level, option, &value, sizeof(int)) < 0)
        {
            throw new LinuxException(call, Target, errno);
        }
    }
}

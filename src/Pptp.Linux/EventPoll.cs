using System.Globalization;
using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// One epoll set, level-triggered. <see cref="Add"/>, <see cref="Modify"/> and <see cref="Remove"/> are safe from every
/// thread; <see cref="Wait"/> belongs to one.
/// </summary>
public sealed unsafe class EventPoll : IDisposable
{
    private const int Capacity = 256;

    private readonly epoll_event* _ready;
    private int _descriptor;
    private bool _millisecondsOnly;

    /// <exception cref="LinuxException">EMFILE, ENFILE or ENOMEM from epoll_create1.</exception>
    public EventPoll()
    {
        _descriptor = epoll_create1(EPOLL_CLOEXEC);
        if (_descriptor < 0)
        {
            throw new LinuxException("epoll_create1", "a new poll set", errno);
        }

        _ready = (epoll_event*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(epoll_event));
    }

    ~EventPoll() => Release();

    /// <summary>Watches a descriptor.</summary>
    /// <param name="descriptor">An open descriptor, not yet in this set.</param>
    /// <param name="token">Comes back in <see cref="PollEvent.Token"/>.</param>
    /// <param name="events">What to wait for; errors and hang-ups are always reported.</param>
    /// <exception cref="LinuxException">EEXIST, EBADF, EPERM (a descriptor that cannot be polled), ENOSPC.</exception>
    public void Add(int descriptor, ulong token, PollEvents events = PollEvents.Readable) =>
        Control(EPOLL_CTL_ADD, "epoll_ctl(ADD)", descriptor, token, events);

    /// <summary>Changes what a watched descriptor waits for.</summary>
    /// <exception cref="LinuxException">ENOENT, EBADF.</exception>
    public void Modify(int descriptor, ulong token, PollEvents events) =>
        Control(EPOLL_CTL_MOD, "epoll_ctl(MOD)", descriptor, token, events);

    /// <summary>Stops watching. To be called before the descriptor is closed.</summary>
    /// <exception cref="LinuxException">ENOENT, EBADF.</exception>
    public void Remove(int descriptor) => Control(EPOLL_CTL_DEL, "epoll_ctl(DEL)", descriptor, 0, PollEvents.None);

    /// <summary>Waits until something is ready, the time is over, or a signal came.</summary>
    /// <param name="events">Takes at most its length and at most 256 events; the rest stays for the next call.</param>
    /// <param name="timeout">
    /// Null waits for ever; zero or less looks only. Kept to the nanosecond where the kernel has epoll_pwait2 (5.11),
    /// else rounded up to the next millisecond.
    /// </param>
    /// <returns>How many events were written; 0 when the time was over or a signal came.</returns>
    public int Wait(Span<PollEvent> events, TimeSpan? timeout)
    {
        int room = Math.Min(events.Length, Capacity);
        ArgumentOutOfRangeException.ThrowIfZero(room, nameof(events));
        int count = WaitNative(room, timeout);
        if (count < 0)
        {
            int error = errno;
            if (error == Errno.EINTR)
            {
                return 0;
            }

            ObjectDisposedException.ThrowIf(_descriptor < 0, this);
            throw new LinuxException("epoll_wait", "the poll set", error);
        }

        for (int i = 0; i < count; i++)
        {
            events[i] = new PollEvent(_ready[i].data.u64, (PollEvents)_ready[i].events);
        }

        return count;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private int WaitNative(int room, TimeSpan? timeout)
    {
        if (timeout is not { } time)
        {
            return epoll_wait(_descriptor, _ready, room, -1);
        }

        if (time <= TimeSpan.Zero)
        {
            return epoll_wait(_descriptor, _ready, room, 0);
        }

        if (!_millisecondsOnly)
        {
            NativeMethods.TimeSpecification specification = new()
            {
                Seconds = time.Ticks / TimeSpan.TicksPerSecond,
                Nanoseconds = time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
            };
            nint count = NativeMethods.SystemCall(
                (nint)NativeMethods.SysEpollPwait2, _descriptor, _ready, room, &specification, null, 0);

            // EPERM is what an old container runtime's seccomp filter says to a call it does not know.
            if (count >= 0 || Marshal.GetLastPInvokeError() is not (Errno.ENOSYS or Errno.EPERM))
            {
                return (int)count;
            }

            _millisecondsOnly = true;
        }

        double milliseconds = Math.Ceiling(time.TotalMilliseconds);
        return epoll_wait(_descriptor, _ready, room, milliseconds >= int.MaxValue ? int.MaxValue : (int)milliseconds);
    }

    private void Control(int operation, string call, int descriptor, ulong token, PollEvents events)
    {
        epoll_event e = default;
        e.events = (int)events;
        e.data.u64 = token;
        if (epoll_ctl(_descriptor, operation, descriptor, &e) < 0)
        {
            int error = errno;
            ObjectDisposedException.ThrowIf(_descriptor < 0, this);
            throw new LinuxException(
                call, string.Create(CultureInfo.InvariantCulture, $"descriptor {descriptor}"), error);
        }
    }

    private void Release()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = close(descriptor);
            NativeMemory.Free(_ready);
        }
    }
}

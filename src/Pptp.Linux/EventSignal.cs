using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>A flag that wakes an <see cref="EventPoll"/> from another thread (eventfd).</summary>
public sealed unsafe class EventSignal : IDisposable
{
    private int _descriptor;

    /// <exception cref="LinuxException">EMFILE, ENFILE or ENOMEM from eventfd.</exception>
    public EventSignal()
    {
        _descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (_descriptor < 0)
        {
            throw new LinuxException("eventfd", "a new signal", errno);
        }
    }

    /// <summary>For <see cref="EventPoll"/>; readable while the flag is set. -1 after <see cref="Dispose"/>.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Sets the flag; safe from every thread, also when it is set already.</summary>
    public void Set()
    {
        ulong one = 1;
        while (write(_descriptor, &one, sizeof(ulong)) < 0)
        {
            switch (errno)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    // The counter is at its end: the flag is as set as it can be.
                    return;
                default:
                    throw Failure("write");
            }
        }
    }

    /// <summary>Takes the flag away. True if it was set.</summary>
    public bool Clear()
    {
        ulong count;
        while (read(_descriptor, &count, sizeof(ulong)) < 0)
        {
            switch (errno)
            {
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return false;
                default:
                    throw Failure("read");
            }
        }

        return true;
    }

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = close(descriptor);
        }
    }

    private LinuxException Failure(string call)
    {
        int error = errno;
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        return new LinuxException(call, "eventfd", error);
    }
}

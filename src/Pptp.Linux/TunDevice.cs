using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// One TUN interface: a network interface whose other end is this descriptor. Carries bare IP packets
/// (<c>IFF_TUN | IFF_NO_PI</c>), never blocks, and lives until <see cref="Dispose"/> or until the link is deleted.
/// </summary>
/// <remarks>
/// <see cref="Read"/> and <see cref="Write"/> may be used by one thread each. Closing the descriptor of an interface
/// that is up takes 18 to 29 ms; deleting it first with its group (<see cref="RouteNetlink.DeleteLinkGroup"/>) makes
/// closing cheap. Source: Documentation/networking/tuntap.rst of the kernel.
/// </remarks>
public sealed unsafe class TunDevice : IDisposable
{
    /// <summary>What <see cref="Read"/> returns when no packet waits.</summary>
    public const int NothingToRead = -1;

    /// <summary>What <see cref="Read"/> returns when the interface was deleted.</summary>
    public const int Gone = -2;

    private const string DevicePath = "/dev/net/tun";
    private const int TunSetIff = 0x400454CA;
    private const int TunSetCarrier = 0x400454E2;
    private const int SocketIoGetInterfaceIndex = 0x8933;
    private const ushort IffTun = 0x0001;
    private const ushort IffNoPi = 0x1000;

    // struct ifreq: 16 bytes of name, then a union of 24 bytes.
    private const int InterfaceRequestLength = 40;
    private const int InterfaceNameLength = 16;

    private int _descriptor;

    private TunDevice(int descriptor, string name, int index)
    {
        _descriptor = descriptor;
        Name = name;
        Index = index;
    }

    /// <summary>The interface's name when it was made.</summary>
    public string Name { get; }

    /// <summary>The interface's index, as rtnetlink counts; it survives a change of name.</summary>
    public int Index { get; }

    /// <summary>For <see cref="EventPoll"/>. -1 after <see cref="Dispose"/>.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Makes a new interface, down and without addresses, in this thread's network namespace.</summary>
    /// <param name="name">See <see cref="InterfaceName.IsValid"/>.</param>
    /// <exception cref="ArgumentException">The name is not one the kernel takes.</exception>
    /// <exception cref="LinuxException">
    /// ENOENT, EACCES or EPERM from open(/dev/net/tun); EPERM (no CAP_NET_ADMIN), EBUSY (a TUN of that name is in use)
    /// or EINVAL (an interface of that name and another kind exists) from ioctl(TUNSETIFF).
    /// </exception>
    public static TunDevice Create(string name) => Create(name, IffTun | IffNoPi);

    /// <summary>Takes the packet that waits longest.</summary>
    /// <param name="destination">
    /// At least as long as the interface's MTU: the kernel cuts off silently what does not fit.
    /// </param>
    /// <returns>The packet's length, or <see cref="NothingToRead"/>, or <see cref="Gone"/>.</returns>
    public int Read(Span<byte> destination)
    {
        fixed (byte* p = destination)
        {
            while (true)
            {
                nint length = (nint)read(_descriptor, p, destination.Length);
                if (length >= 0)
                {
                    return (int)length;
                }

                switch (errno)
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EBADFD:
                        return Gone;
                    case Errno.EBADF or Errno.EFAULT or Errno.EINVAL:
                        throw Failure("read");
                    default:
                        return NothingToRead;
                }
            }
        }
    }

    /// <summary>Hands one IP packet to the kernel, as if it had arrived on the interface.</summary>
    public TunWriteResult Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* p = packet)
        {
            while (true)
            {
                nint written = (nint)write(_descriptor, p, packet.Length);
                if (written > 0)
                {
                    return TunWriteResult.Written;
                }

                if (written == 0)
                {
                    return TunWriteResult.Rejected;
                }

                switch (errno)
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EIO:
                        return TunWriteResult.InterfaceDown;
                    case Errno.EBADFD:
                        return TunWriteResult.Gone;
                    case Errno.EINVAL or Errno.EMSGSIZE:
                        return TunWriteResult.Rejected;
                    case Errno.EBADF or Errno.EFAULT:
                        throw Failure("write");
                    default:
                        return TunWriteResult.Dropped;
                }
            }
        }
    }

    /// <summary>Says whether the line behind the interface is there; without carrier nothing is routed to it.</summary>
    /// <exception cref="LinuxException">EBADFD: the interface was deleted.</exception>
    public void SetCarrier(bool carrier)
    {
        int value = carrier ? 1 : 0;
        if (ioctl(_descriptor, TunSetCarrier, &value) < 0)
        {
            throw Failure("ioctl(TUNSETCARRIER)");
        }
    }

    /// <summary>Closes the descriptor; the interface, if it still stands, goes with it.</summary>
    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = close(descriptor);
        }
    }

    // The flags are a parameter because IFF_VNET_HDR will be asked for here.
    private static TunDevice Create(string name, ushort flags)
    {
        InterfaceName.Require(name, nameof(name));
        int descriptor = OpenDevice();
        try
        {
            Span<byte> request = stackalloc byte[InterfaceRequestLength];
            InterfaceName.WriteTo(name, request);
            MemoryMarshal.Write(request[InterfaceNameLength..], flags);
            fixed (byte* p = request)
            {
                if (ioctl(descriptor, TunSetIff, p) < 0)
                {
                    throw new LinuxException("ioctl(TUNSETIFF)", name, errno);
                }
            }

            return new TunDevice(descriptor, name, IndexOf(name));
        }
        catch
        {
            _ = close(descriptor);
            throw;
        }
    }

    internal static int OpenDevice()
    {
        fixed (byte* path = "/dev/net/tun\0"u8)
        {
            int descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
            return descriptor >= 0 ? descriptor : throw new LinuxException("open", DevicePath, errno);
        }
    }

    private static int IndexOf(string name)
    {
        int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (control < 0)
        {
            throw new LinuxException("socket(AF_INET)", name, errno);
        }

        try
        {
            Span<byte> request = stackalloc byte[InterfaceRequestLength];
            InterfaceName.WriteTo(name, request);
            fixed (byte* p = request)
            {
                if (ioctl(control, SocketIoGetInterfaceIndex, p) < 0)
                {
                    throw new LinuxException("ioctl(SIOCGIFINDEX)", name, errno);
                }
            }

            return MemoryMarshal.Read<int>(request[InterfaceNameLength..]);
        }
        finally
        {
            _ = close(control);
        }
    }

    private LinuxException Failure(string call)
    {
        int error = errno;
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        return new LinuxException(call, Name, error);
    }
}

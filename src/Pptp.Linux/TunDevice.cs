using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// One TUN interface: a network interface whose other end is this descriptor. Carries bare IP packets
/// (<c>IFF_TUN | IFF_NO_PI</c>) or, from <see cref="CreateOffloading"/>, packets behind a <see cref="VirtioHeader"/>, which
/// may be super-packets. Never blocks, and lives until <see cref="Dispose"/> or until the link is deleted.
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
    private const ushort IffVirtioHeader = 0x4000;
    private const int TunSetOffload = 0x400454D0;

    // TUN_F_CSUM, _TSO4, _TSO6, _TSO_ECN, _USO4, _USO6. A kernel takes all of what it is asked for, or nothing; USO
    // came with 6.2.
    private const uint Checksums = 0x01;
    private const uint TcpSegmentation = 0x02 | 0x04 | 0x08;
    private const uint UdpSegmentation = 0x20 | 0x40;
    private static readonly uint[] Offloads =
        [Checksums | TcpSegmentation | UdpSegmentation, Checksums | TcpSegmentation, Checksums];

    // struct ifreq: 16 bytes of name, then a union of 24 bytes.
    private const int InterfaceRequestLength = 40;
    private const int InterfaceNameLength = 16;

    private int _descriptor;

    private TunDevice(int descriptor, string name, int index, int headerLength)
    {
        _descriptor = descriptor;
        HeaderLength = headerLength;
        Name = name;
        Index = index;
    }

    /// <summary>The interface's name when it was made.</summary>
    public string Name { get; }

    /// <summary>The interface's index, as rtnetlink counts; it survives a change of name.</summary>
    public int Index { get; }

    /// <summary>Octets of the <see cref="VirtioHeader"/> before each packet, both ways; 0: there is none.</summary>
    public int HeaderLength { get; }

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

    /// <summary>
    /// Likewise, with each packet behind a header, and with all of this that the kernel can: packets whose checksum is
    /// still to be completed, segments of one TCP connection in one packet, datagrams of one UDP flow in one packet.
    /// </summary>
    /// <exception cref="ArgumentException">The name is not one the kernel takes.</exception>
    /// <exception cref="LinuxException">As of <see cref="Create(string)"/>.</exception>
    public static TunDevice CreateOffloading(string name)
    {
        TunDevice tun = Create(name, IffTun | IffNoPi | IffVirtioHeader);
        // Where the kernel refuses all of them, packets come one by one and whole, and the header says nothing.
        foreach (uint offloads in Offloads)
        {
            if (ioctl(tun._descriptor, TunSetOffload, (int)offloads) == 0)
                break;
        }
        return tun;
    }

    /// <summary>Takes the packet that waits longest, with its header if it has one.</summary>
    /// <param name="destination">
    /// At least as long as the interface's MTU, or 65,535 octets and the header: the kernel cuts off silently what does
    /// not fit.
    /// </param>
    /// <returns>The length with the header, or <see cref="NothingToRead"/>, or <see cref="Gone"/>.</returns>
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

    /// <summary>Hands one IP packet, with its header if it has one, to the kernel, as if it had arrived on the interface.</summary>
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

            int headerLength = (flags & IffVirtioHeader) != 0 ? VirtioHeader.Length : 0;
            return new TunDevice(descriptor, name, IndexOf(name), headerLength);
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

using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <summary>What Tmds.LibC lacks.</summary>
internal static unsafe partial class NativeMethods
{
    // The numbers are the same on every architecture: system calls added since 2019 share one table.
    internal const long SysEpollPwait2 = 441;

    internal const long SysCloseRange = 436;

    /// <summary>CLOSE_RANGE_CLOEXEC</summary>
    internal const nint CloseRangeOnExec = 4;

    internal const int PrGetDumpable = 3;
    internal const int PrSetDumpable = 4;
    internal const int PrCapabilityBoundingSetDrop = 24;
    internal const int PrSetNoNewPrivileges = 38;
    internal const int PrCapabilityAmbient = 47;
    internal const nuint PrCapabilityAmbientRaise = 2;
    internal const nuint PrCapabilityAmbientClearAll = 4;
    internal const uint CapabilityVersion3 = 0x20080522;

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    internal static partial int ReceiveMessages(int fd, MessageVector* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    internal static partial int SendMessages(int fd, MessageVector* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    internal static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "capget", SetLastError = true)]
    internal static partial int GetCapabilities(CapabilityHeader* header, CapabilitySet* data);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    internal static partial int SetCapabilities(CapabilityHeader* header, CapabilitySet* data);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true)]
    internal static partial int Execute(byte* path, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int ChangeDirectory(string path);

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    internal static partial nint Signal(int number, nint handler);

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    internal static partial int SignalAction(int number, void* action, void* before);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint GetEffectiveUser();

    // By number: the wrapper epoll_pwait2 is missing from C libraries older than the kernel's call (glibc before 2.35).
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint SystemCall(
        nint number, nint a, void* b, nint c, void* d, void* e, nint f);

    /// <summary>struct iovec</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IoVector
    {
        internal void* Base;
        internal nuint Length;
    }

    /// <summary>struct msghdr, LP64: after the name's length come four bytes of padding.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        internal void* Name;
        internal uint NameLength;
        internal IoVector* Vectors;
        internal nuint VectorCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary>struct mmsghdr</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageVector
    {
        internal MessageHeader Header;
        internal uint Length;
    }

    /// <summary>struct sockaddr_in; port and address in network order.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InternetAddress
    {
        internal ushort Family;
        internal ushort Port;
        internal uint Address;
        internal ulong Zero;
    }

    /// <summary>struct cmsghdr followed by struct in_pktinfo, padded as CMSG_SPACE pads.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PacketInfoControl
    {
        internal nuint ControlLength;
        internal int Level;
        internal int Type;
        internal int InterfaceIndex;
        internal uint SpecifiedDestination;
        internal uint Address;
        internal uint Padding;
    }

    /// <summary>struct sockaddr_nl</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NetlinkAddress
    {
        internal ushort Family;
        internal ushort Padding;
        internal uint Port;
        internal uint Groups;
    }

    /// <summary>struct sockaddr_ll; the protocol in network order, of the address the first six octets.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct LinkAddress
    {
        internal ushort Family;
        internal ushort Protocol;
        internal int InterfaceIndex;
        internal ushort HardwareType;
        internal byte PacketType;
        internal byte AddressLength;
        internal ulong Address;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct CapabilityHeader
    {
        internal uint Version;
        internal int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct CapabilitySet
    {
        internal uint Effective;
        internal uint Permitted;
        internal uint Inheritable;
    }

    /// <summary>struct timespec, 64-bit.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpecification
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}

using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// A netlink socket used synchronously: a request and its acknowledgement, or a dump to its end. Every use holds the
/// lock, so any thread may ask.
/// </summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    internal const ushort Request = 0x01; // NLM_F_REQUEST
    internal const ushort Acknowledge = 0x04; // NLM_F_ACK
    internal const ushort Exclusive = 0x200; // NLM_F_EXCL
    internal const ushort Replace = 0x100; // NLM_F_REPLACE
    internal const ushort Append = 0x800; // NLM_F_APPEND
    internal const ushort Create = 0x400; // NLM_F_CREATE
    internal const ushort Dump = 0x300; // NLM_F_DUMP

    private const ushort DumpInterrupted = 0x10; // NLM_F_DUMP_INTR
    private const ushort AcknowledgeCapped = 0x100; // NLM_F_CAPPED
    private const ushort AcknowledgeAttributes = 0x200; // NLM_F_ACK_TLVS
    private const ushort MessageError = 2; // NLMSG_ERROR
    private const ushort MessageDone = 3; // NLMSG_DONE
    private const int ErrorAttributeText = 1; // NLMSGERR_ATTR_MSG
    private const int HeaderLength = 16;
    private const int FamilyNetlink = 16;
    private const int SolNetlink = 270;
    private const int OptionCapAck = 10;
    private const int OptionExtAck = 11;
    private const int OptionStrictCheck = 12;

    // The kernel fills dumps in pieces as large as the reader's buffer, up to 32 KiB.
    private const int ReceiveLength = 64 * 1024;
    private const int DumpAttempts = 8;

    private readonly Lock _lock = new();
    private readonly byte[] _receive = new byte[ReceiveLength];
    private readonly string _target;
    private int _descriptor;
    private uint _sequence;

    /// <exception cref="LinuxException">
    /// EPROTONOSUPPORT: the kernel lacks this protocol. EMFILE, ENFILE, ENOMEM.
    /// </exception>
    internal NetlinkSocket(int protocol, string target)
    {
        _target = target;
        _descriptor = socket(FamilyNetlink, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (_descriptor < 0)
        {
            throw new LinuxException("socket(AF_NETLINK)", target, errno);
        }

        NativeMethods.NetlinkAddress address = new() { Family = FamilyNetlink };
        if (bind(_descriptor, (Tmds.Linux.sockaddr*)&address, sizeof(NativeMethods.NetlinkAddress)) < 0)
        {
            int error = errno;
            Dispose();
            throw new LinuxException("bind(AF_NETLINK)", target, error);
        }

        // Comforts of newer kernels; without them errors have no text and dumps are filtered here.
        int one = 1;
        foreach (int option in (ReadOnlySpan<int>)[OptionCapAck, OptionExtAck, OptionStrictCheck])
        {
            _ = setsockopt(_descriptor, SolNetlink, option, &one, sizeof(int));
        }
    }

    /// <summary>
    /// Sends one or more messages and waits for each acknowledgement. The first failure is the answer.
    /// </summary>
    internal NetlinkReply Execute(NetlinkMessage message, int acknowledgements = 1)
    {
        lock (_lock)
        {
            uint first = SendNumbered(message);
            NetlinkReply answer = default;
            int missing = acknowledgements;
            while (missing > 0)
            {
                ReadOnlySpan<byte> rest = ReceiveSome();
                while (missing > 0 && TryTakeMessage(ref rest, first, message.Count, out Header h, out var payload))
                {
                    if (h.Type != MessageError)
                    {
                        continue;
                    }

                    missing--;
                    NetlinkReply reply = ReadAcknowledgement(h, payload);
                    if (answer.Errno == 0)
                    {
                        answer = reply;
                    }

                    // An error ends a batch: what follows it is not acknowledged.
                    missing = reply.Errno != 0 ? 0 : missing;
                }
            }

            return answer;
        }
    }

    /// <summary>Sends one question; what comes before its acknowledgement goes to <paramref name="handler"/>.</summary>
    internal NetlinkReply ExecuteQuery(NetlinkMessage message, NetlinkHandler handler)
    {
        lock (_lock)
        {
            return ReceiveDump(SendNumbered(message), handler, out _);
        }
    }

    /// <summary>
    /// Sends a dump request and hands every message to <paramref name="handler"/>. When the kernel says that things
    /// changed meanwhile, <paramref name="restart"/> is called and the dump begun anew, a few times.
    /// </summary>
    internal NetlinkReply ExecuteDump(NetlinkMessage message, Action restart, NetlinkHandler handler)
    {
        lock (_lock)
        {
            for (int attempt = 1; ; attempt++)
            {
                NetlinkReply reply = ReceiveDump(SendNumbered(message), handler, out bool interrupted);
                if (reply.Errno != 0 || !interrupted || attempt == DumpAttempts)
                {
                    return reply;
                }

                restart();
            }
        }
    }

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
        {
            _ = close(descriptor);
        }
    }

    private NetlinkReply ReceiveDump(uint sequence, NetlinkHandler handler, out bool interrupted)
    {
        interrupted = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = ReceiveSome();
            while (TryTakeMessage(ref rest, sequence, 1, out Header header, out ReadOnlySpan<byte> payload))
            {
                interrupted |= (header.Flags & DumpInterrupted) != 0;
                switch (header.Type)
                {
                    case MessageDone:
                        // Carries the error a dump broke off with, if any.
                        return payload.Length >= sizeof(int) && MemoryMarshal.Read<int>(payload) < 0
                            ? new NetlinkReply(-MemoryMarshal.Read<int>(payload), null)
                            : default;
                    case MessageError:
                        return ReadAcknowledgement(header, payload);
                    default:
                        handler(header.Type, payload);
                        break;
                }
            }
        }
    }

    private uint SendNumbered(NetlinkMessage message)
    {
        ObjectDisposedException.ThrowIf(_descriptor < 0, this);
        uint first = _sequence + 1;
        _sequence += (uint)message.Count;
        message.SetSequence(first);
        fixed (byte* p = message.Bytes)
        {
            NativeMethods.NetlinkAddress kernel = new() { Family = FamilyNetlink };
            while (sendto(
                _descriptor, p, message.Bytes.Length, 0, (Tmds.Linux.sockaddr*)&kernel,
                sizeof(NativeMethods.NetlinkAddress)) < 0)
            {
                if (errno != Errno.EINTR)
                {
                    throw new LinuxException("sendto", _target, errno);
                }
            }
        }

        return first;
    }

    private ReadOnlySpan<byte> ReceiveSome()
    {
        fixed (byte* p = _receive)
        {
            while (true)
            {
                nint length = (nint)recvfrom(_descriptor, p, _receive.Length, 0, null, null);
                if (length >= 0)
                {
                    return _receive.AsSpan(0, (int)length);
                }

                if (errno != Errno.EINTR)
                {
                    throw new LinuxException("recvfrom", _target, errno);
                }
            }
        }
    }

    /// <summary>
    /// The next message that answers the request; left-overs of a request that failed midway are skipped.
    /// </summary>
    private static bool TryTakeMessage(
        ref ReadOnlySpan<byte> rest, uint first, int count, out Header header, out ReadOnlySpan<byte> payload)
    {
        while (rest.Length >= HeaderLength)
        {
            header = MemoryMarshal.Read<Header>(rest);
            if (header.Length < HeaderLength || header.Length > rest.Length)
            {
                break;
            }

            payload = rest[HeaderLength..header.Length];
            rest = rest[Math.Min(NetlinkMessage.Aligned(header.Length), rest.Length)..];
            if (header.Sequence - first < (uint)count)
            {
                return true;
            }
        }

        header = default;
        payload = default;
        return false;
    }

    private static NetlinkReply ReadAcknowledgement(Header header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < sizeof(int))
        {
            return new NetlinkReply(Errno.EINVAL, "a netlink acknowledgement too short");
        }

        int error = -MemoryMarshal.Read<int>(payload);
        string? text = null;
        int attributes = sizeof(int) + HeaderLength;
        if ((header.Flags & AcknowledgeAttributes) != 0 && payload.Length > attributes)
        {
            if ((header.Flags & AcknowledgeCapped) == 0)
            {
                // The whole request stands before the attributes.
                int request = MemoryMarshal.Read<int>(payload[sizeof(int)..]);
                attributes = Math.Clamp(sizeof(int) + NetlinkMessage.Aligned(request), attributes, payload.Length);
            }

            NetlinkAttributes walk = new(payload[attributes..]);
            while (walk.TryNext(out int type, out ReadOnlySpan<byte> value))
            {
                text = type == ErrorAttributeText ? NetlinkAttributes.ToText(value) : text;
            }
        }

        return new NetlinkReply(error, error == 0 ? null : text);
    }

    /// <summary>struct nlmsghdr</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        internal int Length;
        internal ushort Type;
        internal ushort Flags;
        internal uint Sequence;
        internal uint Port;
    }
}

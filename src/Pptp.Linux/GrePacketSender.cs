using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>
/// Sends GRE past the kernel's IP layer: with an IP header of our own, straight to the next hop's Ethernet address. What
/// has no way over Ethernet, or is longer than it takes, goes by the raw socket. Belongs to one thread.
/// </summary>
/// <remarks>
/// It stands behind netfilter: the host's output rules do not see what it sends. Ways are looked up anew each second.
/// </remarks>
public sealed unsafe class GrePacketSender : IGreSender, IDisposable
{
    /// <summary>How long a way is used before it is looked up again, in milliseconds.</summary>
    public const int WayLifetime = 1000;

    private const int FamilyPacket = 17;
    private const ushort EthernetIpv4 = 0x0008; // ETH_P_IP in network order
    private const int MostWays = 65_536;

    private readonly GreSocket _raw;
    private readonly Func<long> _milliseconds;
    private readonly RouteNetlink _netlink = new();
    private readonly GreBatch _rest;
    private readonly Dictionary<(uint Local, uint Remote), Way> _ways = [];
    private readonly byte* _ipHeaders;
    private readonly NativeMethods.IoVector* _vectors;
    private readonly NativeMethods.LinkAddress* _addresses;
    private readonly NativeMethods.MessageVector* _messages;
    private void* _memory;
    private int _descriptor;
    private ushort _identification;

    /// <param name="raw">For what does not go this way; counts what is lost, too. Stays the caller's.</param>
    /// <param name="milliseconds">A clock that does not go back; null: the host's.</param>
    /// <exception cref="LinuxException">EPERM: CAP_NET_RAW is missing. EMFILE, ENOMEM.</exception>
    public GrePacketSender(GreSocket raw, Func<long>? milliseconds = null)
    {
        ArgumentNullException.ThrowIfNull(raw);
        _raw = raw;
        _milliseconds = milliseconds ?? (() => Environment.TickCount64);
        // Without a protocol it receives nothing.
        _descriptor = socket(FamilyPacket, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (_descriptor < 0)
        {
            int error = errno;
            _netlink.Dispose();
            throw new LinuxException("socket(AF_PACKET)", "the sender of GRE", error);
        }
        _rest = new GreBatch();
        const int PerPacket = 32;
        int size = GreBatch.Capacity * (PerPacket + (2 * sizeof(NativeMethods.IoVector))
            + sizeof(NativeMethods.MessageVector) + sizeof(NativeMethods.LinkAddress) + 4);
        _memory = NativeMemory.AllocZeroed((nuint)size);
        _messages = (NativeMethods.MessageVector*)_memory;
        _vectors = (NativeMethods.IoVector*)(_messages + GreBatch.Capacity);
        _ipHeaders = (byte*)(_vectors + (2 * GreBatch.Capacity));
        _addresses = (NativeMethods.LinkAddress*)(_ipHeaders + (PerPacket * GreBatch.Capacity));
        for (int i = 0; i < GreBatch.Capacity; i++)
        {
            _vectors[2 * i].Base = _ipHeaders + (PerPacket * i);
            _vectors[2 * i].Length = Ipv4Header.Length;
            _addresses[i].Family = FamilyPacket;
            _addresses[i].Protocol = EthernetIpv4;
            _addresses[i].AddressLength = 6;
            ref NativeMethods.MessageHeader header = ref _messages[i].Header;
            header.Name = _addresses + i;
            header.NameLength = (uint)sizeof(NativeMethods.LinkAddress);
            header.Vectors = _vectors + (2 * i);
            header.VectorCount = 2;
        }
    }

    public int Send(GreBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        long now = _milliseconds();
        int count = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            uint local = batch.LocalAddress(i);
            uint remote = batch.RemoteAddress(i);
            Span<byte> packet = batch.Packet(i);
            if (FindWay(local, remote, now) is not { } hop || packet.Length + Ipv4Header.Length > hop.Mtu)
            {
                packet.CopyTo(_rest.Slot(_rest.Count));
                _rest.Add(packet.Length, local, remote);
                continue;
            }
            Ipv4Header.Write(
                new Span<byte>(_vectors[2 * count].Base, Ipv4Header.Length), packet.Length, _identification++, local, remote);
            _vectors[(2 * count) + 1].Base = batch.PointerTo(i);
            _vectors[(2 * count) + 1].Length = (nuint)packet.Length;
            _addresses[count].InterfaceIndex = hop.InterfaceIndex;
            _addresses[count].Address = hop.HardwareAddress;
            count++;
        }
        int sent = SendMessages(count);
        sent += _raw.Send(_rest);
        batch.Clear();
        return sent;
    }

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor < 0)
            return;
        _ = close(descriptor);
        _netlink.Dispose();
        _rest.Dispose();
        NativeMemory.Free(_memory);
        _memory = null;
    }

    private int SendMessages(int count)
    {
        int next = 0;
        int sent = 0;
        while (next < count)
        {
            int taken = NativeMethods.SendMessages(_descriptor, _messages + next, (uint)(count - next), MSG_DONTWAIT);
            if (taken > 0)
            {
                next += taken;
                sent += taken;
                continue;
            }
            int error = taken < 0 ? Marshal.GetLastPInvokeError() : Errno.EAGAIN;
            if (error == Errno.EINTR)
                continue;
            _raw.CountDrop(error);
            next++;
        }
        _raw.CountSent(sent);
        return sent;
    }

    private NextHop? FindWay(uint local, uint remote, long now)
    {
        if (_ways.TryGetValue((local, remote), out Way way) && now - way.At < WayLifetime)
            return way.Hop;
        // The kernel's choice of the source is the raw socket's business.
        NextHop? hop = local == 0 ? null : _netlink.FindNextHop(Ipv4.ToAddress(local), Ipv4.ToAddress(remote));
        if (_ways.Count >= MostWays)
            _ways.Clear();
        _ways[(local, remote)] = new Way(hop, now);
        return hop;
    }

    private readonly record struct Way(NextHop? Hop, long At);
}

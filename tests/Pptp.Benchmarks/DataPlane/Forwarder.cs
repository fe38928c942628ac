using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pptp.Linux;
using static Tmds.Linux.LibC;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>
/// One end of a tunnel without control connection, as one would write it first: a TUN without offloads, a raw GRE
/// socket, a thread for each direction, one packet for each system call. With textbook MPPE and a fixed key it is the
/// naive forwarder; without, the bare one.
/// </summary>
internal static class Forwarder
{
    /// <summary>The program's argument that makes it one.</summary>
    public const string Command = "forward";

    public const string ReadyText = "forwarding";

    private const int Mtu = 1400;
    private const int GreHeader = 12;
    private const int IpHeader = 20;

    private static readonly byte[] Key = [.. "a key for tests."u8];

    /// <param name="arguments">Local and remote address outside, then inside; "naive" or "bare".</param>
    public static int Run(string[] arguments)
    {
        IPAddress local = IPAddress.Parse(arguments[0]);
        IPAddress remote = IPAddress.Parse(arguments[1]);
        bool encrypted = arguments[4] == "naive";
        using TunDevice tun = TunDevice.Create("tun0");
        using (RouteNetlink netlink = new())
        {
            netlink.ChangeLink(tun.Index, new LinkChange { Mtu = Mtu, AddressGenerationNone = true });
            netlink.AddAddress(tun.Index, IPAddress.Parse(arguments[2]), IPAddress.Parse(arguments[3]), 32);
            netlink.ChangeLink(tun.Index, new LinkChange { Up = true });
        }
        // .NET knows no protocol 47, but takes a socket that is there.
        using Socket gre = new(new SafeSocketHandle(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 47), ownsHandle: true));
        gre.ReceiveBufferSize = 8 << 20;
        gre.SendBufferSize = 4 << 20;
        gre.Bind(new IPEndPoint(local, 0));
        gre.Connect(new IPEndPoint(remote, 0));
        Thread sender = new(() => Send(tun, gre, encrypted ? new PlainMppe(Key) : null)) { IsBackground = true };
        sender.Start();
        Console.WriteLine(ReadyText);
        Receive(tun, gre, encrypted ? new PlainMppe(Key) : null);
        return 0;
    }

    private static void Send(TunDevice tun, Socket gre, PlainMppe? mppe)
    {
        using EventPoll poll = new();
        poll.Add(tun.Descriptor, 0);
        Span<PollEvent> events = stackalloc PollEvent[1];
        byte[] plain = new byte[2048];
        byte[] packet = new byte[2048];
        uint sequence = 0;
        while (true)
        {
            int length = tun.Read(plain.AsSpan(2));
            if (length < 0)
            {
                poll.Wait(events, null);
                continue;
            }
            plain[1] = 0x21;
            packet[0] = 0x30;
            packet[1] = 0x01;
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), 0x880B);
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), sequence++);
            int at = GreHeader;
            if (mppe is not null)
            {
                packet[at++] = 0x00;
                packet[at++] = 0xFD;
                mppe.Encrypt(plain.AsSpan(0, 2 + length), packet.AsSpan(at));
                at += 2 + 2 + length;
            }
            else
            {
                plain.AsSpan(0, 2 + length).CopyTo(packet.AsSpan(at));
                at += 2 + length;
            }
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(at - GreHeader));
            // What does not leave is lost, as on any network.
            _ = gre.Send(packet.AsSpan(0, at), SocketFlags.None, out _);
        }
    }

    private static void Receive(TunDevice tun, Socket gre, PlainMppe? mppe)
    {
        byte[] packet = new byte[2048];
        byte[] plain = new byte[2048];
        while (true)
        {
            int length = gre.Receive(packet);
            if (length <= IpHeader + GreHeader + 4)
                continue;
            Span<byte> frame = packet.AsSpan(IpHeader + GreHeader, length - IpHeader - GreHeader);
            if (mppe is null)
            {
                tun.Write(frame[2..]);
                continue;
            }
            mppe.Decrypt(frame[2..], plain);
            tun.Write(plain.AsSpan(2, frame.Length - 6));
        }
    }
}

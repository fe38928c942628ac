using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pptp.Appliance.DataPlane;
using Pptp.Appliance.DataPlane.Offload;
using Pptp.Linux;

namespace Pptp.Appliance.Tests.DataPlane.Offload;

public sealed class SegmenterTests
{
    [Test]
    public void Segments_of_tcp_have_numbers_flags_and_checksums_of_their_own([Values] bool ipv6)
    {
        byte[] payload = [.. Enumerable.Range(0, 2501).Select(i => (byte)(i * 3))];
        const byte Flags = Packets.Ack | Packets.Push | Packets.Fin | Packets.CongestionWindowReduced;
        byte[] options = [1, 1, 1, 0];
        byte[] super = Packets.Tcp(ipv6, 0xFFFF_FF00, payload, 0xFFFF, Flags, options);
        byte[][] expected =
        [
            Packets.Tcp(ipv6, 0xFFFF_FF00, payload.AsSpan(0, 1000), 0xFFFF, Packets.Ack | Packets.CongestionWindowReduced, options),
            Packets.Tcp(ipv6, unchecked(0xFFFF_FF00 + 1000), payload.AsSpan(1000, 1000), 0, Packets.Ack, options),
            Packets.Tcp(
                ipv6, unchecked(0xFFFF_FF00 + 2000), payload.AsSpan(2000), 1, Packets.Ack | Packets.Push | Packets.Fin, options),
        ];
        Assert.That(
            Segments(super, Header(ipv6 ? VirtioHeader.TcpOverIpv6 : VirtioHeader.TcpOverIpv4, ipv6 ? 40 : 20, 16, 1000)),
            Is.EqualTo(expected));
    }

    [Test]
    public void Segments_of_udp_are_datagrams([Values] bool ipv6)
    {
        byte[] payload = [.. Enumerable.Range(0, 1300).Select(i => (byte)(i * 5))];
        byte[][] expected =
        [
            Packets.Udp(ipv6, payload.AsSpan(0, 600), 8),
            Packets.Udp(ipv6, payload.AsSpan(600, 600), 9),
            Packets.Udp(ipv6, payload.AsSpan(1200), 10),
        ];
        Assert.That(
            Segments(Packets.Udp(ipv6, payload, 8), Header(VirtioHeader.Udp, ipv6 ? 40 : 20, 6, 600)), Is.EqualTo(expected));
    }

    [Test]
    public void A_checksum_that_was_left_open_is_completed([Values] bool udp, [Values] bool ipv6)
    {
        byte[] packet = udp ? Packets.Udp(ipv6, [1, 2, 3], 4) : Packets.Tcp(ipv6, 5, [1, 2, 3], 4);
        int transport = ipv6 ? 40 : 20;
        int offset = udp ? 6 : 16;
        byte[] open = [.. packet];
        ushort sum = InternetChecksum.FoldSum(
            InternetChecksum.SumPseudoHeader(packet, (byte)(udp ? 17 : 6), packet.Length - transport));
        MemoryMarshal.Write(open.AsSpan(transport + offset), sum);
        byte[] read = WithHeader(open, Header(VirtioHeader.None, transport, offset, 0));
        Assert.That(Segmenter.TryRead(read, out Segmenter segmenter), Is.True);
        Assert.That(segmenter.IsSuper, Is.False);
        Assert.That(read[VirtioHeader.Length..], Is.EqualTo(packet));
    }

    [Test]
    public void A_header_that_cannot_be_true_is_refused()
    {
        byte[] tcp = Packets.Tcp(false, 1, new byte[100]);
        byte[] badOffset = Packets.Tcp(false, 1, new byte[100]);
        badOffset[32] = 0xF0;
        byte[] shortOffset = Packets.Tcp(false, 1, new byte[100]);
        shortOffset[32] = 0x40;
        (byte[] Packet, VirtioHeader Header)[] lies =
        [
            (tcp, Header(VirtioHeader.TcpOverIpv4, 20, 16, 0)),
            (tcp, Header(VirtioHeader.TcpOverIpv4, 24, 16, 50)),
            (tcp, Header(VirtioHeader.TcpOverIpv4, 0, 16, 50)),
            (tcp, Header(VirtioHeader.TcpOverIpv4, ushort.MaxValue, 16, 50)),
            (tcp, Header(3, 20, 16, 50)),
            (tcp[..40], Header(VirtioHeader.TcpOverIpv4, 20, 16, 50)),
            (badOffset[..70], Header(VirtioHeader.TcpOverIpv4, 20, 16, 50)),
            (shortOffset, Header(VirtioHeader.TcpOverIpv4, 20, 16, 50)),
            (tcp, Header(VirtioHeader.None, 139, 16, 0)),
            (tcp, Header(VirtioHeader.None, ushort.MaxValue, ushort.MaxValue, 0)),
            (tcp[..20], Header(VirtioHeader.Udp, 20, 6, 10)),
            ([], default),
        ];
        for (int i = 0; i < lies.Length; i++)
            Assert.That(Segmenter.TryRead(WithHeader(lies[i].Packet, lies[i].Header), out _), Is.False, $"number {i}");
        Assert.That(Segmenter.TryRead(new byte[5], out _), Is.False);
    }

    [Test]
    public void The_sum_is_that_of_the_slow_way()
    {
        Random random = new(3);
        for (int length = 0; length < 300; length++)
        {
            byte[] octets = new byte[length];
            random.NextBytes(octets);
            if (length % 3 == 0)
                Array.Fill(octets, (byte)0xFF);
            byte[] field = new byte[2];
            MemoryMarshal.Write(field, InternetChecksum.Finish(InternetChecksum.Sum(octets)));
            Assert.That(BinaryPrimitives.ReadUInt16BigEndian(field), Is.EqualTo(Packets.Checksum(octets)), $"{length} octets");
        }
    }

    private static VirtioHeader Header(byte kind, int start, int offset, int size) => new()
    {
        Flags = VirtioHeader.NeedsChecksum,
        Segmentation = kind,
        ChecksumStart = (ushort)start,
        ChecksumOffset = (ushort)offset,
        SegmentSize = (ushort)size,
    };

    private static byte[] WithHeader(byte[] packet, VirtioHeader header)
    {
        byte[] read = new byte[VirtioHeader.Length + packet.Length];
        MemoryMarshal.Write(read, header);
        packet.CopyTo(read, VirtioHeader.Length);
        return read;
    }

    private static List<byte[]> Segments(byte[] packet, VirtioHeader header)
    {
        Assert.That(Segmenter.TryRead(WithHeader(packet, header), out Segmenter segmenter), Is.True);
        List<byte[]> segments = [];
        while (segmenter.NextLength is > 0 and int length)
        {
            byte[] segment = new byte[length];
            segmenter.WriteNext(segment);
            segments.Add(segment);
        }
        return segments;
    }
}

using System.Buffers.Binary;
using System.Net;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>GRE and IP that nobody is entitled to send, whichever way GRE comes in.</summary>
[TestFixture("raw")]
[TestFixture("packet")]
internal sealed class HostileGreTests(string greSocket) : ServerFixture
{
    private const int Seed = 19990701;

    private readonly byte[] _terminate =
        PppWire.Frame(PppWire.Lcp, PppWire.Packet(PppWire.TerminateRequest, 1, default));

    protected override ServerConfiguration Configuration =>
        base.Configuration with { SystemExtra = $"gre-socket = \"{greSocket}\"" };

    protected override bool HasBystander => true;

    [Test]
    public async Task GRE_for_calls_that_are_not_there_is_dropped()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        Random random = new(Seed);
        byte[] packet = call.ForgeGre(0, _terminate);

        int sent = 0;
        while (sent < 20_000)
        {
            random.NextBytes(packet.AsSpan(6, 2));
            if (BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(6)) == call.PeerCallId)
                continue;
            Host.SendGre(packet);
            // The socket's queue is one for all: what comes back through the tunnel has passed the strays before it.
            if (++sent % 1000 != 0)
                continue;
            stream.Send();
            await stream.WaitForAsync(sent / 1000);
        }

        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task GRE_from_another_address_than_the_calls_is_dropped()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        stream.Send(5);
        await stream.WaitForAsync(5);

        for (uint ahead = 0; ahead < 50; ahead++)
            Host.SendGre(call.ForgeGre(call.NextSequence + ahead, _terminate), OtherAddress);
        stream.Send(50);

        await stream.WaitForAsync(55);
        Assert.That(call.Ended, Is.Null);
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        Assert.That(statistics["gre-late"] + statistics["gre-duplicate"] + statistics["gre-lost"], Is.Zero);
    }

    [Test]
    public async Task GRE_with_a_broken_header_is_dropped()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        Random random = new(Seed);
        byte[] good = call.ForgeGre(call.NextSequence, _terminate);

        for (int length = 1; length < good.Length; length++)
            Host.SendGre(good.AsSpan(0, length));
        for (int bit = 0; bit < 32; bit++)
        {
            // Without its sequence bit the payload has no business there; with an acknowledgement bit it is too short.
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            Host.SendGre(bad);
        }

        for (int i = 0; i < 1000; i++)
        {
            byte[] noise = new byte[random.Next(1, 100)];
            random.NextBytes(noise);
            Host.SendGre(noise);
        }

        stream.Send(50);
        await stream.WaitForAsync(50);
        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_plaintext_packet_is_dropped_while_MPPE_is_on()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        stream.Send();
        await stream.WaitForAsync(1);

        for (int i = 0; i < 10; i++)
            call.SendFrame(PppWire.Ip, stream.Next());
        stream.Send();
        await stream.WaitForAsync(2);

        uint[] encrypted = [0, 11];
        Assert.That(stream.Echoed, Is.EqualTo(encrypted));
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        Assert.That(statistics["dropped"], Is.EqualTo(10));
    }

    [Test]
    public async Task A_packet_with_another_source_than_the_clients_is_dropped()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        IPAddress[] notOurs =
            [ServerAddress, call.PeerAddress, IPAddress.Parse("198.51.100.7"), IPAddress.Loopback];
        int before = Echo.Received.Count(datagram => !IsOfATunnel(datagram.From.Address));

        foreach (IPAddress source in notOurs)
            call.SendPacket(Ipv4Packet.CreateUdp(source, call.PeerAddress, 9, Echo.Port, "spoofed!"u8));
        stream.Send();
        await stream.WaitForAsync(1);

        Assert.That(Echo.Received.Count(datagram => !IsOfATunnel(datagram.From.Address)), Is.EqualTo(before));
        Assert.That(Echo.Received.Any(datagram => datagram.Payload.AsSpan().SequenceEqual("spoofed!"u8)), Is.False);
        IReadOnlyDictionary<string, long> statistics = await HangUpAndReadStatisticsAsync(call);
        Assert.That(statistics["spoofed"], Is.EqualTo(notOurs.Length));
    }

    [Test]
    public async Task Packets_that_are_no_packets_are_dropped_behind_the_decryption()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        byte[] good = stream.Next();

        for (int length = 0; length <= 28; length++)
            call.SendPacket(good.AsSpan(0, length));
        for (byte version = 0; version < 16; version++)
        {
            if (version != 4)
                call.SendPacket((byte[])[(byte)(version << 4 | 5), .. good[1..]]);
        }

        stream.Send();
        await stream.WaitForAsync(1);
        uint[] onlyTheLast = [1];
        Assert.That(stream.Echoed, Is.EqualTo(onlyTheLast));
        Assert.That(call.Ended, Is.Null);
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task Forged_ciphertext_with_the_next_number_costs_its_place_and_not_the_link()
    {
        ScriptedCall call = await DialAsync(Alice);
        SequencedStream stream = new(call, Echo);
        Random random = new(Seed);
        stream.Send();
        await stream.WaitForAsync(1);

        for (int i = 0; i < 100; i++)
        {
            byte[] forged = new byte[40];
            random.NextBytes(forged);
            forged[0] = (byte)(0x90 | (forged[0] & 0x0F));
            call.SendFrame(PppWire.Compressed, forged);
        }

        stream.Send(50);
        await stream.WaitForNumberAsync(50);
        StreamReport report = stream.Report;
        Assert.That(report.OutOfOrder, Is.Zero);
        Assert.That(report.Lost, Is.LessThanOrEqualTo(1), "a forged packet has moved the keys");
        await call.Caller.DisposeAsync();
    }

    private static bool IsOfATunnel(IPAddress address) =>
        address.GetAddressBytes() is [10, 9, _, _] and not [10, 9, 0, 1];
}

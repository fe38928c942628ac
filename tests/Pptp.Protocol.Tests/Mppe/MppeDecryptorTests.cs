using Pptp.Protocol.Mppe;
using Pptp.Protocol.Tests.Authentication;

namespace Pptp.Protocol.Tests.Mppe;

public sealed class MppeDecryptorTests
{
    private const string Zeros32 = "0000000000000000 0000000000000000 0000000000000000 0000000000000000";

    [TestCase(MppeStrength.Bits40)]
    [TestCase(MppeStrength.Bits56)]
    [TestCase(MppeStrength.Bits128)]
    public void Packets_in_order_come_out_over_the_end_of_the_count(MppeStrength strength)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor(strength);
        using MppeDecryptor decryptor = MppeExample.Decryptor(strength);

        for (int i = 0; i < 4200; i++)
            decryptor.ExpectFrame(encryptor.Next());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decryptor.Lost, Is.Zero);
            Assert.That(decryptor.Resynchronisations, Is.Zero);
            Assert.That(decryptor.Rejected, Is.Zero);
        }
    }

    // Numbers 0, 4095 and 5000 of MppeEncryptorTests.
    [Test]
    public void A_packet_of_a_second_implementation_comes_out()
    {
        using MppeDecryptor decryptor = MppeExample.Decryptor();

        decryptor.ExpectFrame(HexBytes.Of("9000 7058132be0734a8ed366c9247f54551268f2f87b44f4bc340d2543ff696c"));
        // The first behind so large a gap only announces it.
        byte[] far = HexBytes.Of("9fff b4e7c84c996995448696a8135e2d9830ec226fe126c4b11ef18ebca963d5");
        Assert.That(decryptor.Take(far), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        far = HexBytes.Of("9388 9e57c956cb740df5acf85836ee75f2fe28da5fcd9bde4a2804041c11c554");
        decryptor.ExpectFrame(far, missing: 4999);
    }

    [TestCase("", MppeDecryptResult.TooShort)]
    [TestCase("90", MppeDecryptResult.TooShort)]
    [TestCase("9000", MppeDecryptResult.TooShort)]
    [TestCase("8000 7058132be0734a", MppeDecryptResult.NotEncrypted)]
    [TestCase("B000 7058132be0734a", MppeDecryptResult.Compressed)]
    [TestCase("1000 7058132be0734a", MppeDecryptResult.NotFlushed)]
    [TestCase("9000 7158132be0734a", MppeDecryptResult.BadProtocol)]
    [TestCase("9001 7058132be0734a", MppeDecryptResult.BadProtocol)]
    public void A_bad_packet_is_told_apart_and_changes_nothing(string bytes, MppeDecryptResult expected)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();
        byte[] plain = new byte[64];

        MppeDecryptResult result = decryptor.Decrypt(HexBytes.Of(bytes), plain, out int written);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.EqualTo(expected));
            Assert.That(written, Is.Zero);
            Assert.That(plain, Is.All.Zero);
            Assert.That(decryptor.Rejected, Is.EqualTo(1));
            Assert.That(decryptor.RejectedInARow, Is.EqualTo(1));
        }
        decryptor.ExpectFrame(encryptor.Next());
        Assert.That(decryptor.RejectedInARow, Is.Zero);
        Assert.That(decryptor.Lost, Is.Zero);
    }

    // The bytes after the protocol field do not matter to a packet that comes when it is expected. Noise finds a
    // compressed protocol field easily, so that must be one we know.
    [TestCase("0021 00", MppeDecryptResult.Ok)]
    [TestCase("21 00", MppeDecryptResult.Ok)]
    [TestCase("21", MppeDecryptResult.Ok)]
    [TestCase("0057 00", MppeDecryptResult.Ok)]
    [TestCase("00F9 00", MppeDecryptResult.Ok)]
    [TestCase("57 00", MppeDecryptResult.Ok)]
    [TestCase("F9 00", MppeDecryptResult.BadProtocol)]
    [TestCase("001F 00", MppeDecryptResult.BadProtocol)]
    [TestCase("1F 00", MppeDecryptResult.BadProtocol)]
    [TestCase("00FB 00", MppeDecryptResult.BadProtocol)]
    [TestCase("00FD 00", MppeDecryptResult.BadProtocol)]
    [TestCase("0022 00", MppeDecryptResult.BadProtocol)]
    [TestCase("0221 00", MppeDecryptResult.BadProtocol)]
    [TestCase("8021 00", MppeDecryptResult.BadProtocol)]
    [TestCase("C021 00", MppeDecryptResult.BadProtocol)]
    [TestCase("00", MppeDecryptResult.BadProtocol)]
    public void Only_protocols_that_may_be_encrypted_are_taken(string frame, MppeDecryptResult expected)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();

        Assert.That(decryptor.Take(encryptor.Next(HexBytes.Of(frame))), Is.EqualTo(expected));
    }

    // IPv4: the header is cut, of another version, of 16 bytes, of 24 bytes where the total is 20, the total is one
    // more than there is, or less (padding, which is allowed). IPv6 likewise.
    [TestCase("0021 45000014 00000000 00000000 00000000 00000000", MppeDecryptResult.Ok)]
    [TestCase("21 45000014 00000000 00000000 00000000 00000000", MppeDecryptResult.Ok)]
    [TestCase("0021 45000014 00000000 00000000 00000000 00000000 FFFF", MppeDecryptResult.Ok)]
    [TestCase("0021 45000014 00000000 00000000 00000000 000000", MppeDecryptResult.BadProtocol)]
    [TestCase("0021 55000014 00000000 00000000 00000000 00000000", MppeDecryptResult.BadProtocol)]
    [TestCase("0021 44000014 00000000 00000000 00000000 00000000", MppeDecryptResult.BadProtocol)]
    [TestCase("0021 46000014 00000000 00000000 00000000 00000000", MppeDecryptResult.BadProtocol)]
    [TestCase("0021 45000015 00000000 00000000 00000000 00000000", MppeDecryptResult.BadProtocol)]
    [TestCase("0021", MppeDecryptResult.BadProtocol)]
    [TestCase("57 60000000 0000 3B 40 " + Zeros32, MppeDecryptResult.Ok)]
    [TestCase("0057 60000000 0001 3B 40 " + Zeros32, MppeDecryptResult.BadProtocol)]
    [TestCase("0057 40000000 0000 3B 40 " + Zeros32, MppeDecryptResult.BadProtocol)]
    [TestCase("0057 60000000 0000 3B 40", MppeDecryptResult.BadProtocol)]
    [TestCase("003D 45000014 00000000 00000000 00000000 00000000", MppeDecryptResult.BadProtocol)]
    public void Only_an_ip_packet_is_proof_enough_to_jump_over_keys(string frame, MppeDecryptResult expected)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();
        encryptor.Skip(1);

        Assert.That(decryptor.Take(encryptor.Next(HexBytes.Of(frame))), Is.EqualTo(expected));
    }

    [Test]
    public void Forged_packets_of_every_count_cost_the_stream_nothing()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();
        var noise = new Random(2637);

        for (int i = 0; i < 100; i++)
        {
            decryptor.ExpectFrame(encryptor.Next());
            byte[] forged = new byte[64];
            noise.NextBytes(forged);
            // Any count but the expected one, where noise would pass more easily.
            int count = i + 1 + noise.Next(1, 4096) & 0xFFF;
            (forged[0], forged[1]) = ((byte)(0x90 | count >> 8), (byte)count);
            Assert.That(
                decryptor.Take(forged, now: TimeSpan.FromSeconds(i)), Is.EqualTo(MppeDecryptResult.BadProtocol));
        }

        Assert.That(decryptor.Lost, Is.Zero);
    }

    [Test]
    public void A_packet_that_comes_twice_is_refused_and_harmless()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();
        byte[] packet = encryptor.Next();

        decryptor.ExpectFrame(packet);
        Assert.That(decryptor.Take(packet), Is.EqualTo(MppeDecryptResult.BadProtocol));
        decryptor.ExpectFrame(encryptor.Next());
    }

    [Test]
    public void A_gap_beyond_what_the_caller_allows_is_not_walked()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();
        encryptor.Skip(3);
        byte[] packet = encryptor.Next();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decryptor.Take(packet, missing: 0), Is.EqualTo(MppeDecryptResult.GapTooLarge));
            Assert.That(decryptor.Take(packet, missing: 2), Is.EqualTo(MppeDecryptResult.GapTooLarge));
            Assert.That(decryptor.Take(packet, missing: 3), Is.EqualTo(MppeDecryptResult.Ok));
        }
    }

    // At the ciphertext's own place, and two bytes before, over the header.
    [TestCase(2)]
    [TestCase(0)]
    public void A_packet_can_be_decrypted_where_it_lies(int destination)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();
        byte[] buffer = encryptor.Next();

        MppeDecryptResult result = decryptor.Decrypt(buffer, buffer.AsSpan(destination), out int written);

        Assert.That(result, Is.EqualTo(MppeDecryptResult.Ok));
        Assert.That(buffer.AsSpan(destination, written).ToArray(), Is.EqualTo(MppeExample.Frame));
    }

    [Test]
    public void A_packet_makes_no_object()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        using MppeDecryptor decryptor = MppeExample.Decryptor();
        byte[] packet = new byte[32];
        byte[] frame = MppeExample.Frame;

        long allocated = 0;
        for (int i = 0; i < 100; i++)
        {
            encryptor.Encrypt(frame, packet);
            encryptor.Encrypt(frame, packet);
            long before = GC.GetAllocatedBytesForCurrentThread();
            decryptor.Decrypt(packet, packet.AsSpan(2), out _);
            if (i > 0)
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.Zero);
        Assert.That(decryptor.Lost, Is.EqualTo(100));
    }
}

using System.Security.Cryptography;
using Pptp.Appliance.DataPlane.Mppe;
using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.Tests.DataPlane.Mppe;

/// <summary>The engine against the plain form, which is tested with the vectors of the RFCs.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed unsafe class MppeEngineTests(bool mayUseLibrary)
{
    private const int Room = 70_000;

    private readonly MppeEngine _engine = new(mayUseLibrary);
    private readonly byte[] _memory = GC.AllocateArray<byte>(MppeEngine.Capacity * Room, pinned: true);

    [TearDown]
    public void Dispose() => _engine.Dispose();

    [Test]
    public void Encrypts_the_octets_of_the_plain_form([Values(1, 2, 3, 4, 5, 64)] int calls, [Values] bool mixed)
    {
        Random random = new((calls * 2) + (mixed ? 1 : 0));
        List<Call> all = [.. Enumerable.Range(0, calls).Select(i => new Call(StrengthOf(i)))];
        for (int batch = 0; batch < 40; batch++)
        {
            int count = random.Next(1, MppeEngine.Capacity + 1);
            List<byte[]> expected = [];
            for (int i = 0; i < count; i++)
            {
                Call call = all[mixed ? random.Next(calls) : i % calls];
                byte[] plain = RandomNumberGenerator.GetBytes(mixed ? LengthOf(random) : 1402);
                byte[] encrypted = new byte[plain.Length + MppeEncryptor.Overhead];
                call.Plain.Encrypt(plain, encrypted);
                expected.Add(encrypted);

                Span<byte> place = _memory.AsSpan(i * Room, Room);
                call.Batched.WriteHeader(place);
                plain.CopyTo(place[MppeEncryptor.Overhead..]);
                fixed (byte* p = place)
                {
                    byte* at = p + MppeEncryptor.Overhead;
                    _engine.Add(ref call.Ticket, call.Batched, at, at, plain.Length);
                }
            }
            _engine.Run(moveKeys: true);
            for (int i = 0; i < count; i++)
            {
                Assert.That(
                    _memory.AsSpan(i * Room, expected[i].Length).SequenceEqual(expected[i]), Is.True,
                    $"batch {batch}, packet {i} of {count}, {expected[i].Length} octets");
            }
        }
    }

    [Test]
    public void Its_keys_are_those_a_decryptor_takes()
    {
        byte[] key = RandomNumberGenerator.GetBytes(16);
        using MppeEncryptor peer = new(key, MppeStrength.Bits128, stateless: true);
        using MppeDecryptor decryptor = new(key, MppeStrength.Bits128, stateless: true);
        MppeTicket ticket = default;
        for (int batch = 0; batch < 3; batch++)
        {
            for (int i = 0; i < 5; i++)
            {
                Span<byte> place = _memory.AsSpan(i * Room, Room);
                peer.Encrypt(Packet, place);
                Assert.That(decryptor.IsExpected(place[..(Packet.Length + 2)], i), Is.True);
                fixed (byte* p = place)
                    _engine.Add(ref ticket, decryptor, p + 2, p + 1000, Packet.Length);
            }
            _engine.Run(moveKeys: false);
            for (int i = 0; i < 5; i++)
            {
                Span<byte> plain = _memory.AsSpan((i * Room) + 1000, Packet.Length);
                Assert.That(decryptor.TryAccept(plain, _engine.KeyOf(i)), Is.True);
                Assert.That(plain.SequenceEqual(Packet), Is.True);
            }
        }
        // And the plain form goes on where they end.
        Span<byte> last = new byte[Packet.Length + 2];
        peer.Encrypt(Packet, last);
        Assert.That(decryptor.Decrypt(last, last, out _, 0), Is.EqualTo(MppeDecryptResult.Ok));
    }

    [Test]
    public void A_forged_packet_is_not_accepted_and_moves_no_key()
    {
        byte[] key = RandomNumberGenerator.GetBytes(16);
        using MppeEncryptor peer = new(key, MppeStrength.Bits128, stateless: true);
        using MppeDecryptor decryptor = new(key, MppeStrength.Bits128, stateless: true);
        Assert.That(decryptor.TryAccept([0xFF, 0x03, 1, 2], new byte[16]), Is.False);
        byte[] encrypted = new byte[Packet.Length + 2];
        peer.Encrypt(Packet, encrypted);
        Assert.That(decryptor.Decrypt(encrypted, encrypted, out _, 0), Is.EqualTo(MppeDecryptResult.Ok));
    }

    [Test]
    public void A_packet_that_is_out_of_turn_is_not_expected()
    {
        using MppeDecryptor decryptor = new(new byte[16], MppeStrength.Bits128, stateless: true);
        using MppeDecryptor stateful = new(new byte[16], MppeStrength.Bits128, stateless: false);
        Assert.Multiple(() =>
        {
            Assert.That(decryptor.IsExpected([0x90, 0x00, 1], 0), Is.True);
            Assert.That(decryptor.IsExpected([0x90, 0x01, 1], 0), Is.False, "one is missing");
            Assert.That(decryptor.IsExpected([0x90, 0x01, 1], 1), Is.True);
            Assert.That(decryptor.IsExpected([0x90, 0x00, 1], 4096), Is.True, "the count goes round");
            Assert.That(decryptor.IsExpected([0x10, 0x00, 1], 0), Is.False, "not flushed");
            Assert.That(decryptor.IsExpected([0x80, 0x00, 1], 0), Is.False, "not encrypted");
            Assert.That(decryptor.IsExpected([0xB0, 0x00, 1], 0), Is.False, "compressed");
            Assert.That(decryptor.IsExpected([0x90, 0x00], 0), Is.False, "empty");
            Assert.That(stateful.IsExpected([0x90, 0x00, 1], 0), Is.False, "stateful");
        });
    }

    private static byte[] Packet =>
        [0x00, 0x21, 0x45, 0, 0, 24, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 1, 2, 3, 4];

    private static MppeStrength StrengthOf(int call) => (call % 3) switch
    {
        0 => MppeStrength.Bits128,
        1 => MppeStrength.Bits40,
        _ => MppeStrength.Bits56,
    };

    private static int LengthOf(Random random) => random.Next(8) switch
    {
        0 => random.Next(1, 40),
        1 => random.Next(1, 66_000),
        < 4 => random.Next(40, 80),
        _ => random.Next(1000, 1500),
    };

    private sealed class Call
    {
        public Call(MppeStrength strength)
        {
            byte[] key = RandomNumberGenerator.GetBytes(16);
            Plain = new MppeEncryptor(key, strength, stateless: true);
            Batched = new MppeEncryptor(key, strength, stateless: true);
        }

        public MppeEncryptor Plain { get; }

        public MppeEncryptor Batched { get; }

        public MppeTicket Ticket;
    }
}

using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Tests.Mppe;

public sealed class MppeStatefulTests
{
    private MppeEncryptor _encryptor = null!;
    private MppeDecryptor _decryptor = null!;

    [SetUp]
    public void Connect()
    {
        _encryptor = MppeExample.Encryptor(stateless: false);
        _decryptor = MppeExample.Decryptor(stateless: false);
    }

    [TearDown]
    public void Disconnect()
    {
        _encryptor.Dispose();
        _decryptor.Dispose();
    }

    [Test]
    public void Packets_in_order_come_out_over_flag_packets_and_the_end_of_the_count()
    {
        for (int i = 0; i < 4700; i++)
            _decryptor.ExpectFrame(_encryptor.Next());

        Assert.That(_decryptor.Resynchronisations, Is.Zero);
    }

    [Test]
    public void A_loss_is_told_once_and_everything_dropped_until_the_reset()
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        _encryptor.Skip(2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_decryptor.Take(_encryptor.Next()), Is.EqualTo(MppeDecryptResult.Lost));
            Assert.That(_decryptor.Take(_encryptor.Next()), Is.EqualTo(MppeDecryptResult.AwaitingReset));
        }

        _encryptor.Reset();
        _decryptor.ExpectFrame(_encryptor.Next());
        _decryptor.ExpectFrame(_encryptor.Next());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_decryptor.Resynchronisations, Is.EqualTo(1));
            Assert.That(_decryptor.Lost, Is.EqualTo(4));
        }
    }

    // Lost: 1 to 254 before the first flag packet; then flag packets 255, 511, 767 among them.
    [TestCase(254)]
    [TestCase(255)]
    [TestCase(600)]
    [TestCase(1000)]
    public void Flag_packets_among_the_lost_ones_are_made_up_for(int lost)
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        _encryptor.Skip(lost);
        _encryptor.Reset();

        _decryptor.ExpectFrame(_encryptor.Next());
        _decryptor.ExpectFrame(_encryptor.Next());

        Assert.That(_decryptor.Lost, Is.EqualTo(lost));
    }

    [Test]
    public void A_flag_packet_answers_a_reset_as_well()
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        _encryptor.Skip(254);

        _decryptor.ExpectFrame(_encryptor.Next());
        _decryptor.ExpectFrame(_encryptor.Next());
    }

    [Test]
    public void A_flag_packet_without_the_bit_is_refused()
    {
        for (int i = 0; i < 255; i++)
            _decryptor.ExpectFrame(_encryptor.Next());
        byte[] packet = _encryptor.Next();
        byte[] changed = [.. packet];
        changed[0] &= 0x7F;

        Assert.That(_decryptor.Take(changed), Is.EqualTo(MppeDecryptResult.NotFlushed));
        _decryptor.ExpectFrame(packet);
    }

    [Test]
    public void A_forged_packet_does_not_move_the_stream()
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        byte[] packet = _encryptor.Next();
        byte[] forged = [.. packet];
        forged[2] ^= 0x80;
        byte[] flushed = [.. packet];
        flushed[0] |= 0x80;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_decryptor.Take(forged), Is.EqualTo(MppeDecryptResult.BadProtocol));
            Assert.That(_decryptor.Take(flushed), Is.EqualTo(MppeDecryptResult.BadProtocol));
        }
        _decryptor.ExpectFrame(packet);
        _decryptor.ExpectFrame(_encryptor.Next());
    }

    [Test]
    public void A_forged_count_does_not_stop_the_stream()
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        byte[] packet = _encryptor.Next();
        byte[] forged = [.. packet];
        forged[1] = 99;

        Assert.That(_decryptor.Take(forged), Is.EqualTo(MppeDecryptResult.Lost));
        _decryptor.ExpectFrame(packet);
        _decryptor.ExpectFrame(_encryptor.Next());
    }

    [Test]
    public void A_reset_without_an_answer_is_asked_for_again_and_in_the_end_given_up()
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        _encryptor.Skip(1);
        List<MppeDecryptResult> told = [];
        for (int i = 0; i < 230; i++)
            told.Add(_decryptor.Take(_encryptor.Next(), now: TimeSpan.FromMilliseconds(50 * i)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(told[0], Is.EqualTo(MppeDecryptResult.Lost));
            Assert.That(told[9], Is.EqualTo(MppeDecryptResult.AwaitingReset));
            Assert.That(told[10], Is.EqualTo(MppeDecryptResult.Lost));
            Assert.That(told.Count(result => result == MppeDecryptResult.Lost), Is.EqualTo(20));
            Assert.That(told[^1], Is.EqualTo(MppeDecryptResult.ResetUnanswered));
        }
    }

    // Each request was answered with a new key, but the packets that said so were lost.
    [TestCase(1)]
    [TestCase(3)]
    public void Lost_answers_to_a_reset_are_made_up_for(int answersLost)
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        _encryptor.Skip(1);
        for (int i = 0; i <= answersLost; i++)
        {
            TimeSpan now = TimeSpan.FromSeconds(i);
            Assert.That(_decryptor.Take(_encryptor.Next(), now: now), Is.EqualTo(MppeDecryptResult.Lost));
            _encryptor.Reset();
            if (i < answersLost)
                _encryptor.Skip(1);
        }

        _decryptor.ExpectFrame(_encryptor.Next());
        _decryptor.ExpectFrame(_encryptor.Next());
    }

    // RFC 3078 §3.1 sets the bit on the first packet, whose key is the first one.
    [Test]
    public void A_first_packet_with_the_flushed_bit_is_taken()
    {
        byte[] first = _encryptor.Next();
        first[0] |= 0x80;

        _decryptor.ExpectFrame(first);
        _decryptor.ExpectFrame(_encryptor.Next());
    }

    [Test]
    public void A_stream_that_is_noise_though_nothing_is_missing_is_reset()
    {
        _decryptor.ExpectFrame(_encryptor.Next());
        byte[] forged = _encryptor.Next();
        forged[2] ^= 0x80;
        byte[] again = [.. forged];

        Assert.That(_decryptor.Take(forged), Is.EqualTo(MppeDecryptResult.BadProtocol));
        Assert.That(_decryptor.Take(again), Is.EqualTo(MppeDecryptResult.Lost));
        _encryptor.Reset();
        _decryptor.ExpectFrame(_encryptor.Next());
    }
}

using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Tests.Mppe;

/// <summary>Lost packets, of which the count tells only how many modulo 4096.</summary>
public sealed class MppeGapTests
{
    private MppeEncryptor _encryptor = null!;
    private MppeDecryptor _decryptor = null!;

    [SetUp]
    public void Connect()
    {
        _encryptor = MppeExample.Encryptor();
        _decryptor = MppeExample.Decryptor();
        _decryptor.ExpectFrame(_encryptor.Next());
    }

    [TearDown]
    public void Disconnect()
    {
        _encryptor.Dispose();
        _decryptor.Dispose();
    }

    [TestCase(1)]
    [TestCase(255)]
    [TestCase(1024)]
    public void Lost_packets_are_walked_over_and_counted(int lost)
    {
        _encryptor.Skip(lost);
        _decryptor.ExpectFrame(_encryptor.Next());
        _decryptor.ExpectFrame(_encryptor.Next());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_decryptor.Lost, Is.EqualTo(lost));
            Assert.That(_decryptor.Resynchronisations, Is.EqualTo(1));
        }
    }

    // From 2049 on a count looks like one from the past to a receiver that expects disorder.
    [TestCase(1025)]
    [TestCase(2047)]
    [TestCase(2048)]
    [TestCase(2049)]
    [TestCase(4095)]
    [TestCase(4096)]
    [TestCase(5000)]
    [TestCase(20_480)]
    [TestCase(65_535)]
    public void More_lost_packets_than_1024_need_a_second_packet_that_agrees(int lost)
    {
        _encryptor.Skip(lost);
        Assert.That(_decryptor.Take(_encryptor.Next(), lost), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        _decryptor.ExpectFrame(_encryptor.Next(), lost + 1);
        _decryptor.ExpectFrame(_encryptor.Next(), 0);

        Assert.That(_decryptor.Lost, Is.EqualTo(lost + 1));
    }

    // Control frames that were lost have GRE numbers too: up to 4095 of them leave the true gap the nearest.
    [TestCase(100, 40)]
    [TestCase(5000, 0)]
    [TestCase(5000, 300)]
    [TestCase(4090, 4095)]
    public void The_true_gap_is_the_nearest_count_at_or_below_what_is_missing(int lost, int lostControlFrames)
    {
        _encryptor.Skip(lost);
        int missing = lost + lostControlFrames;
        if (lost > 1024)
            Assert.That(_decryptor.Take(_encryptor.Next(), missing++), Is.EqualTo(MppeDecryptResult.Unconfirmed));

        _decryptor.ExpectFrame(_encryptor.Next(), missing);
    }

    [Test]
    public void A_gap_beyond_the_longest_walk_is_told_and_changes_nothing()
    {
        byte[] next = _encryptor.Next();
        _encryptor.Skip(65_536);

        Assert.That(_decryptor.Take(_encryptor.Next(), 65_537), Is.EqualTo(MppeDecryptResult.Unresolvable));
        _decryptor.ExpectFrame(next, 0);
    }

    [Test]
    public void Without_the_GRE_numbers_losing_the_whole_circle_of_counts_leaves_the_link_deaf_and_says_so()
    {
        _encryptor.Skip(4096);

        using (Assert.EnterMultipleScope())
        {
            for (int i = 0; i < 3; i++)
                Assert.That(_decryptor.Take(_encryptor.Next()), Is.EqualTo(MppeDecryptResult.BadProtocol));
            Assert.That(_decryptor.RejectedInARow, Is.EqualTo(3));
        }
    }

    [Test]
    public void A_second_packet_far_from_the_first_does_not_agree_with_it()
    {
        _encryptor.Skip(2000);
        Assert.That(_decryptor.Take(_encryptor.Next()), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        _encryptor.Skip(1024);
        Assert.That(_decryptor.Take(_encryptor.Next()), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        _decryptor.ExpectFrame(_encryptor.Next());
    }

    [Test]
    public void The_same_packet_twice_does_not_agree_with_itself()
    {
        _encryptor.Skip(2000);
        byte[] far = _encryptor.Next();

        Assert.That(_decryptor.Take(far), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        Assert.That(_decryptor.Take(far), Is.EqualTo(MppeDecryptResult.Unconfirmed));
    }

    [Test]
    public void When_the_old_order_goes_on_the_far_packet_is_forgotten()
    {
        byte[] next = _encryptor.Next();
        _encryptor.Skip(2000);
        byte[] far = _encryptor.Next();

        Assert.That(_decryptor.Take(far), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        _decryptor.ExpectFrame(next);
        Assert.That(_decryptor.Take(_encryptor.Next()), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        Assert.That(_decryptor.Lost, Is.Zero);
    }

    [Test]
    public void Refused_packets_that_point_to_one_place_cost_one_walk()
    {
        byte[] forged = Forged(4000);
        for (int i = 0; i < 1000; i++)
            Assert.That(_decryptor.Take(forged, 64_000), Is.EqualTo(MppeDecryptResult.BadProtocol));
    }

    [Test]
    public void Refused_packets_cannot_cost_more_than_a_bounded_number_of_steps_a_second()
    {
        int tried = 0;
        for (int i = 0; i < 1000; i++)
        {
            // Down again each time, so that no walk is of use to the next.
            MppeDecryptResult result = _decryptor.Take(Forged(4000 - i), 64_000);
            tried += result == MppeDecryptResult.TooCostly ? 0 : 1;
        }

        Assert.That(tried, Is.EqualTo(2));
        Assert.That(_decryptor.Take(Forged(2), 64_000, TimeSpan.FromSeconds(1)), Is.EqualTo(MppeDecryptResult.BadProtocol));
        _decryptor.ExpectFrame(_encryptor.Next(), 0);
    }

    [Test]
    public void A_stateful_stream_goes_on_behind_an_outage_of_any_length_once_two_packets_agree()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor(stateless: false);
        using MppeDecryptor decryptor = MppeExample.Decryptor(stateless: false);
        decryptor.ExpectFrame(encryptor.Next());
        encryptor.Skip(20_000);

        Assert.That(decryptor.Take(encryptor.Next(), 20_000), Is.EqualTo(MppeDecryptResult.Lost));
        encryptor.Reset();
        Assert.That(decryptor.Take(encryptor.Next(), 20_001), Is.EqualTo(MppeDecryptResult.Unconfirmed));
        decryptor.ExpectFrame(encryptor.Next(), 20_002);
        for (int i = 0; i < 600; i++)
            decryptor.ExpectFrame(encryptor.Next(), 0);
    }

    [TestCase(true, 5000)]
    [TestCase(false, 5000)]
    [TestCase(true, 40)]
    public void A_packet_is_vouched_for_without_being_taken(bool stateless, int lost)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor(stateless: stateless);
        using MppeDecryptor decryptor = MppeExample.Decryptor(stateless: stateless);
        decryptor.ExpectFrame(encryptor.Next());
        byte[] next = encryptor.Next();
        encryptor.Skip(lost);
        encryptor.Reset();
        byte[] far = encryptor.Next();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decryptor.Vouches(far, lost + 1, default), Is.True);
            Assert.That(decryptor.Vouches(Forged(lost & 0xFFF), lost + 1, default), Is.False);
            Assert.That(decryptor.Vouches(far, 1, default), Is.False);
            Assert.That(decryptor.Vouches(far.AsSpan(0, 2), lost + 1, default), Is.False);
        }
        decryptor.ExpectFrame(next, 0);
    }

    private static byte[] Forged(int count)
    {
        byte[] forged = new byte[64];
        new Random(count).NextBytes(forged);
        (forged[0], forged[1]) = ((byte)(0x90 | count >> 8 & 0xF), (byte)count);
        return forged;
    }
}

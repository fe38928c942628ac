using Pptp.Protocol.Ppp.Multilink;
using Pptp.Protocol.Tests.Control;

namespace Pptp.Protocol.Tests.Ppp.Multilink;

public sealed class MultilinkReassemblerTests
{
    private MultilinkReassembler _reassembler = null!;
    private TimeSpan _now;

    [SetUp]
    public void SetUp()
    {
        _reassembler = new MultilinkReassembler(1600);
        _now = TimeSpan.FromDays(3);
    }

    [Test]
    public void Fragments_become_the_packet_they_were()
    {
        Assert.That(Add("80000000 00210102"), Is.Null);
        Assert.That(Add("00000001 03040506"), Is.Null);
        Assert.That(Add("40000002 0708"), Is.EqualTo("00210102030405060708"));
        Assert.That(_reassembler.Discarded, Is.Zero);
    }

    [Test]
    public void A_packet_in_one_fragment_takes_no_memory()
    {
        Assert.That(Add("C0000000 002101"), Is.EqualTo("002101"));
        Assert.That(_reassembler.Memory, Is.Zero);
    }

    [Test]
    public void Numbers_may_begin_anywhere_and_go_round()
    {
        Add("80FFFFFF 0021");
        Assert.That(Add("40000000 01"), Is.EqualTo("002101"));
    }

    [Test]
    public void The_reserved_bits_do_not_count()
    {
        Add("BF000005 0021");
        Assert.That(Add("7F000006 01"), Is.EqualTo("002101"));
    }

    [TestCase("80000000 0021", "40000002 02", TestName = "Lost_in_the_middle")]
    [TestCase("80000000 0021", "80000002 0021", TestName = "Lost_at_the_end")]
    [TestCase("40000001 01", TestName = "Lost_at_the_beginning")]
    [TestCase("80000001 0021", "40000000 01", TestName = "Out_of_order")]
    [TestCase("80000001 0021", "00000001 01", "40000002 02", TestName = "Twice")]
    [TestCase("80000000 0021", "400000", TestName = "Too_short")]
    public void A_packet_with_a_bad_fragment_is_given_up_alone(params string[] fragments)
    {
        foreach (string fragment in fragments) Assert.That(Add(fragment), Is.Null);
        Assert.That(_reassembler.Discarded, Is.EqualTo(1));
        Add("80000005 0021");
        Assert.That(Add("40000006 07"), Is.EqualTo("002107"));
    }

    [Test]
    public void The_rest_of_a_packet_whose_beginning_is_lost_counts_once()
    {
        Add("80000000 0021");
        foreach (string fragment in new[] { "00000002 02", "00000003 03", "40000004 04" }) Add(fragment);
        Assert.That(_reassembler.Discarded, Is.EqualTo(1));
        Add("00000006 02");
        Add("40000007 02");
        Assert.That(_reassembler.Discarded, Is.EqualTo(2));
    }

    [TestCase(128, 1500, TestName = "Whatever_was_agreed_1500_octets_are_taken")]
    [TestCase(1600, 1600, TestName = "As_many_octets_as_were_agreed_are_taken")]
    [TestCase(65535, 65535, TestName = "The_longest_packet_there_is_is_taken")]
    public void Long_packets_are_taken(int mrru, int information)
    {
        _reassembler = new MultilinkReassembler(mrru);
        // The protocol and the MPPE header do not count.
        Assert.That(AddLong(information + 6), Has.Length.EqualTo(information + 6));
    }

    [Test]
    public void A_longer_packet_is_given_up_and_takes_no_more_memory()
    {
        Assert.That(AddLong(1700), Is.Null);
        Assert.That(_reassembler.Discarded, Is.EqualTo(1));
        Assert.That(_reassembler.Memory, Is.LessThan(1700));
        Assert.That(AddLong(1500), Has.Length.EqualTo(1500));
        Assert.That(Add("C0000000" + new string('5', 2 * 1700)), Is.Null, "in one fragment");
    }

    [Test]
    public void A_packet_of_too_many_fragments_is_given_up()
    {
        Add("80000000 0021");
        for (uint i = 1; i < MultilinkReassembler.MostFragments; i++) Add($"{i:X8}");
        Assert.That(_reassembler.Discarded, Is.Zero);
        Assert.That(Add($"{0x40000000 + MultilinkReassembler.MostFragments:X8} 01"), Is.Null);
        Assert.That(_reassembler.Discarded, Is.EqualTo(1));
    }

    [Test]
    public void A_packet_that_is_not_whole_in_time_is_given_up()
    {
        Add("80000000 0021");
        _now += MultilinkReassembler.Patience;
        Assert.That(Add("00000001 01"), Is.Null);
        Assert.That(_reassembler.Discarded, Is.Zero);
        _now += TimeSpan.FromTicks(1);
        Assert.That(Add("40000002 02"), Is.Null);
        Assert.That(_reassembler.Discarded, Is.EqualTo(1));
    }

    [Test]
    public void An_empty_fragment_is_no_packet()
    {
        Assert.That(Add("C0000000"), Is.Null);
        Assert.That(Add("80000001"), Is.Null);
        Assert.That(Add("40000002 0021"), Is.EqualTo("0021"));
        Assert.That(_reassembler.Discarded, Is.Zero);
    }

    [Test]
    public void Packets_cut_anyhow_come_out_as_they_went_in()
    {
        var random = new Xorshift(1990);
        _reassembler = new MultilinkReassembler(9000);
        for (int i = 0; i < 500; i++)
        {
            byte[] packet = new byte[1 + random.Next(9000)];
            random.Fill(packet);
            var fragmenter = new MultilinkFragmenter(shortNumbers: false, 128 + random.Next(2000));
            byte[] room = new byte[fragmenter.Limit];
            int offset = 0;
            string? whole = null;
            while (offset < packet.Length)
            {
                Assert.That(whole, Is.Null);
                whole = Add(room.AsSpan(0, fragmenter.WriteNext(packet, ref offset, room)));
            }
            Assert.That(whole, Is.EqualTo(Convert.ToHexString(packet)));
        }
    }

    [Test]
    public void Nothing_a_peer_sends_throws_or_takes_memory_without_end()
    {
        var random = new Xorshift(1717);
        byte[] fragment = new byte[2300];
        for (int i = 0; i < 200_000; i++)
        {
            int length = random.Next(i % 3 == 0 ? fragment.Length : 12);
            random.Fill(fragment.AsSpan(0, Math.Min(length, 64)));
            // Half of them go on where the last one was.
            if (i % 2 == 0 && length >= 4) (fragment[1], fragment[2], fragment[3]) = (0, (byte)(i >> 8), (byte)i);
            _reassembler.TryAdd(fragment.AsSpan(0, length), _now, out ReadOnlySpan<byte> packet);
            Assert.That(packet.Length, Is.LessThanOrEqualTo(1616));
            _now += TimeSpan.FromMilliseconds(random.Next(20));
        }
        Assert.That(_reassembler.Memory, Is.LessThanOrEqualTo(1616));
    }

    private string? Add(string fragment) => Add(ScriptedPeer.Bytes(fragment));

    private string? Add(ReadOnlySpan<byte> fragment) =>
        _reassembler.TryAdd(fragment, _now, out ReadOnlySpan<byte> packet) ? Convert.ToHexString(packet) : null;

    /// <summary>A packet in fragments of a thousand octets.</summary>
    private byte[]? AddLong(int length)
    {
        var fragmenter = new MultilinkFragmenter(shortNumbers: false, 1004);
        byte[] packet = new byte[length];
        byte[] room = new byte[1004];
        byte[]? whole = null;
        int offset = 0;
        while (offset < length)
        {
            int written = fragmenter.WriteNext(packet, ref offset, room);
            if (_reassembler.TryAdd(room.AsSpan(0, written), _now, out ReadOnlySpan<byte> result))
                whole = result.ToArray();
        }
        return whole;
    }
}

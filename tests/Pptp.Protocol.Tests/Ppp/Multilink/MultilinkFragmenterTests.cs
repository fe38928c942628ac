using Pptp.Protocol.Ppp.Multilink;

namespace Pptp.Protocol.Tests.Ppp.Multilink;

public sealed class MultilinkFragmenterTests
{
    [Test]
    public void A_packet_is_cut_to_the_limit_and_numbered_from_zero()
    {
        var fragmenter = new MultilinkFragmenter(shortNumbers: false, limit: 8);
        Assert.That(Cut(fragmenter, "0021 0102030405060708"), Is.EqualTo(new[]
        {
            "80000000" + "00210102",
            "00000001" + "03040506",
            "40000002" + "0708",
        }));
        Assert.That(Cut(fragmenter, "0021 09"), Is.EqualTo(new[] { "C0000003" + "002109" }));
    }

    [Test]
    public void A_piece_that_fits_to_the_octet_ends_the_packet() =>
        Assert.That(
            Cut(new MultilinkFragmenter(shortNumbers: false, limit: 8), "0021 010203040506"),
            Is.EqualTo(new[] { "80000000" + "00210102", "40000001" + "03040506" }));

    [Test]
    public void Short_numbers_leave_two_octets_more_to_the_packet() =>
        Assert.That(
            Cut(new MultilinkFragmenter(shortNumbers: true, limit: 8), "0021 0102030405060708"),
            Is.EqualTo(new[] { "8000" + "002101020304", "4001" + "05060708" }));

    [TestCase(true, 0x1000, "C000", TestName = "Short_numbers_go_round_after_4095")]
    [TestCase(false, 0x100_0000, "C0000000", TestName = "Long_numbers_go_round_after_16777215")]
    public void Numbers_go_round(bool shortNumbers, int before, string head)
    {
        var fragmenter = new MultilinkFragmenter(shortNumbers, limit: 16);
        byte[] room = new byte[16];
        for (int i = 0; i < before; i++)
        {
            int offset = 0;
            fragmenter.WriteNext([0x21], ref offset, room);
        }
        Assert.That(Cut(fragmenter, "21"), Is.EqualTo(new[] { head + "21" }));
    }

    [Test]
    public void A_limit_that_leaves_no_room_is_refused() =>
        Assert.That(
            () => new MultilinkFragmenter(shortNumbers: true, limit: 4), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static List<string> Cut(MultilinkFragmenter fragmenter, string packet)
    {
        byte[] bytes = ScriptedPeer.Bytes(packet);
        byte[] room = new byte[fragmenter.Limit];
        List<string> pieces = [];
        int offset = 0;
        while (offset < bytes.Length)
        {
            int length = fragmenter.WriteNext(bytes, ref offset, room);
            pieces.Add(Convert.ToHexString(room, 0, length));
        }
        return pieces;
    }
}

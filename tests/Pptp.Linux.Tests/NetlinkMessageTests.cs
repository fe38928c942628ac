namespace Pptp.Linux.Tests;

public sealed class NetlinkMessageTests
{
    [Test]
    public void Lengths_and_padding_are_as_netlink_wants_them()
    {
        NetlinkMessage message = new NetlinkMessage(16, 5).Body(0x11223344u).AttributeString(3, "eth0");
        int outer = message.BeginNested(18);
        _ = message.Attribute(1, (byte)0xAA).EndNested(outer);
        message.SetSequence(7);
        Assert.That(
            Convert.ToHexString(message.Bytes),
            Is.EqualTo(
                "29000000" + "1000" + "0500" + "07000000" + "00000000" // nlmsghdr: 41 bytes in all
                + "44332211"
                + "0900" + "0300" + "6574683000" + "000000" // nine bytes and three to fill up
                + "0900" + "1280" + "0500" + "0100" + "AA"));
    }

    [Test]
    public void Messages_in_a_row_have_their_own_lengths_and_numbers()
    {
        NetlinkMessage messages = new NetlinkMessage(0x10, 1).Attribute(1, (byte)1);
        _ = messages.Begin(0x11, 1).Attribute(2, 0x01020304u);
        messages.SetSequence(100);
        Assert.That(messages.Count, Is.EqualTo(2));
        Assert.That(
            Convert.ToHexString(messages.Bytes),
            Is.EqualTo(
                "18000000" + "1000" + "0100" + "64000000" + "00000000" + "0500" + "0100" + "01" + "000000"
                + "18000000" + "1100" + "0100" + "65000000" + "00000000" + "0800" + "0200" + "04030201"));
    }

    [TestCase("", 0)]
    [TestCase("0400", 0)]
    [TestCase("0400 0100", 1)]
    [TestCase("0300 0100", 0)]
    [TestCase("0000 0100 0400 0200", 0)]
    [TestCase("0500 0100 FF", 1)]
    [TestCase("0500 0100 FF 000000 0900 0200", 1)]
    [TestCase("0800 0180 01020304 0400 0240", 2)]
    public void Attributes_that_do_not_fit_end_the_walk(string hex, int expected)
    {
        NetlinkAttributes attributes =
            new(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)));
        int count = 0;
        while (attributes.TryNext(out int type, out _))
        {
            count++;
            Assert.That(type, Is.EqualTo(count), "the flags are not part of the type");
        }

        Assert.That(count, Is.EqualTo(expected));
    }
}

using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

public sealed class PppFrameTests
{
    [TestCase("FF03 C021 0901", 0xC021, 4)]
    [TestCase("C021 0901", 0xC021, 2)]
    [TestCase("FF03 0021 45", 0x0021, 4)]
    [TestCase("FF03 21 45", 0x0021, 3)]
    [TestCase("0021 45", 0x0021, 2)]
    [TestCase("21 45", 0x0021, 1)]
    [TestCase("FD 9000", 0x00FD, 1)]
    [TestCase("FF03 00FD 9000", 0x00FD, 4)]
    [TestCase("FF03 80FD", 0x80FD, 4)]
    public void Takes_both_forms_of_either_field(string hex, int protocol, int offset)
    {
        Assert.That(PppFrame.TryParse(ScriptedPeer.Bytes(hex), out ushort found, out int at), Is.True);
        Assert.That((found, at), Is.EqualTo(((ushort)protocol, offset)));
    }

    [TestCase("")]
    [TestCase("FF03")]
    [TestCase("FF03 C0")]
    [TestCase("00")]
    public void A_frame_that_ends_inside_its_head_is_none(string hex) =>
        Assert.That(PppFrame.TryParse(ScriptedPeer.Bytes(hex), out _, out _), Is.False);

    [TestCase("FF", 0xFF, 1)]
    [TestCase("FF04 05", 0xFF, 1)]
    [TestCase("8020 01", 0x8020, 2)]
    public void A_number_against_the_rule_is_returned_as_it_stands(string hex, int protocol, int offset)
    {
        Assert.That(PppFrame.TryParse(ScriptedPeer.Bytes(hex), out ushort found, out int at), Is.True);
        Assert.That((found, at), Is.EqualTo(((ushort)protocol, offset)));
    }

    [TestCase(0x0021, false, false, "FF030021")]
    [TestCase(0x0021, true, false, "FF0321")]
    [TestCase(0x0021, false, true, "0021")]
    [TestCase(0x0021, true, true, "21")]
    [TestCase(0x00FD, true, true, "FD")]
    [TestCase(0x80FD, true, true, "80FD")]
    [TestCase(0xC021, true, true, "FF03C021")]
    public void Writes_what_was_agreed_and_lcp_always_whole(
        int protocol, bool compressProtocol, bool compressAddress, string expected)
    {
        byte[] buffer = new byte[PppFrame.MaximumHeaderLength];
        int length = PppFrame.WriteHeader(buffer, (ushort)protocol, compressProtocol, compressAddress);
        Assert.That(Convert.ToHexString(buffer.AsSpan(0, length)), Is.EqualTo(expected));
        Assert.That(
            PppFrame.HeaderLength((ushort)protocol, compressProtocol, compressAddress), Is.EqualTo(length));
    }
}

using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Tests.Authentication;

public sealed class DesTests
{
    private static readonly string[] WeakKeys =
        ["0101010101010101", "FEFEFEFEFEFEFEFE", "E0E0E0E0F1F1F1F1", "1F1F1F1F0E0E0E0E"];

    // The pairs of FIPS 74 §3.6: what one encrypts the other decrypts by encrypting.
    private static readonly string[][] SemiWeakKeys =
    [
        ["01FE01FE01FE01FE", "FE01FE01FE01FE01"],
        ["1FE01FE00EF10EF1", "E01FE01FF10EF10E"],
        ["01E001E001F101F1", "E001E001F101F101"],
        ["1FFE1FFE0EFE0EFE", "FE1FFE1FFE0EFE0E"],
        ["011F011F010E010E", "1F011F010E010E01"],
        ["E0FEE0FEF1FEF1FE", "FEE0FEE0FEF1FEF1"],
    ];

    // The last two aside, the substitution table test of NBS Special Publication 500-20: together these vectors use
    // every entry of the eight S-boxes.
    [TestCase("7CA110454A1A6E57", "01A1D6D039776742", "690F5B0D9A26939B")]
    [TestCase("0131D9619DC1376E", "5CD54CA83DEF57DA", "7A389D10354BD271")]
    [TestCase("07A1133E4A0B2686", "0248D43806F67172", "868EBB51CAB4599A")]
    [TestCase("3849674C2602319E", "51454B582DDF440A", "7178876E01F19B2A")]
    [TestCase("04B915BA43FEB5B6", "42FD443059577FA2", "AF37FB421F8C4095")]
    [TestCase("0113B970FD34F2CE", "059B5E0851CF143A", "86A560F10EC6D85B")]
    [TestCase("0170F175468FB5E6", "0756D8E0774761D2", "0CD3DA020021DC09")]
    [TestCase("43297FAD38E373FE", "762514B829BF486A", "EA676B2CB7DB2B7A")]
    [TestCase("07A7137045DA2A16", "3BDD119049372802", "DFD64A815CAF1A0F")]
    [TestCase("04689104C2FD3B2F", "26955F6835AF609A", "5C513C9C4886C088")]
    [TestCase("37D06BB516CB7546", "164D5E404F275232", "0A2AEEAE3FF4AB77")]
    [TestCase("1F08260D1AC2465E", "6B056E18759F5CCA", "EF1BF03E5DFA575A")]
    [TestCase("584023641ABA6176", "004BD6EF09176062", "88BF0DB6D70DEE56")]
    [TestCase("025816164629B007", "480D39006EE762F2", "A1F9915541020B56")]
    [TestCase("49793EBC79B3258F", "437540C8698F3CFA", "6FBF1CAFCFFD0556")]
    [TestCase("4FB05E1515AB73A7", "072D43A077075292", "2F22E49BAB7CA1AC")]
    [TestCase("49E95D6D4CA229BF", "02FE55778117F12A", "5A6B612CC26CCE4A")]
    [TestCase("018310DC409B26D6", "1D9D5C5018F728C2", "5F4C038ED12B2E41")]
    [TestCase("1C587F1C13924FEF", "305532286D6F295A", "63FAC0D034D9F793")]
    [TestCase("133457799BBCDFF1", "0123456789ABCDEF", "85E813540F0AB405")]
    [TestCase("0101010101010101", "0000000000000000", "8CA64DE9C1B123A7")]
    public void A_block_encrypts_to_its_published_vector_and_back(string key, string clear, string cypher)
    {
        byte[] block = new byte[8];

        Des.EncryptBlock(HexBytes.Of(key), HexBytes.Of(clear), block);
        Assert.That(Convert.ToHexString(block), Is.EqualTo(cypher));

        Des.DecryptBlock(HexBytes.Of(key), HexBytes.Of(cypher), block);
        Assert.That(Convert.ToHexString(block), Is.EqualTo(clear));
    }

    [TestCase("0101010101010101", "617B3A0CE8F07100")]
    [TestCase("FEFEFEFEFEFEFEFE", "6DCE0DC9006556A3")]
    [TestCase("E0E0E0E0F1F1F1F1", "EE600BC06FC9EF23")]
    [TestCase("1F1F1F1F0E0E0E0E", "DB958605F8C8C606")]
    public void A_weak_key_is_taken_like_any_other(string key, string cypher)
    {
        byte[] block = new byte[8];

        Des.EncryptBlock(HexBytes.Of(key), HexBytes.Of("0123456789ABCDEF"), block);

        Assert.That(Convert.ToHexString(block), Is.EqualTo(cypher));
    }

    [TestCaseSource(nameof(WeakKeys))]
    public void Encrypting_twice_with_a_weak_key_gives_the_block_back(string key)
    {
        byte[] block = HexBytes.Of("0123456789ABCDEF");

        Des.EncryptBlock(HexBytes.Of(key), block, block);
        Des.EncryptBlock(HexBytes.Of(key), block, block);

        Assert.That(Convert.ToHexString(block), Is.EqualTo("0123456789ABCDEF"));
    }

    [TestCaseSource(nameof(SemiWeakKeys))]
    public void The_second_of_two_semi_weak_keys_undoes_the_first(string first, string second)
    {
        byte[] block = HexBytes.Of("0123456789ABCDEF");

        Des.EncryptBlock(HexBytes.Of(first), block, block);
        Assert.That(Convert.ToHexString(block), Is.Not.EqualTo("0123456789ABCDEF"));
        Des.EncryptBlock(HexBytes.Of(second), block, block);

        Assert.That(Convert.ToHexString(block), Is.EqualTo("0123456789ABCDEF"));
    }

    [Test]
    public void Parity_bits_of_a_key_do_not_matter()
    {
        byte[] block = new byte[8];

        Des.EncryptBlock(new byte[8], new byte[8], block);

        Assert.That(Convert.ToHexString(block), Is.EqualTo("8CA64DE9C1B123A7"));
    }

    // RFC 2759 §9.3: both halves of the hash of "MyPw".
    [TestCase("FC156AF7EDCD6C", "FD0B5B5E7F6E34D9")]
    [TestCase("0EDDE3337D427F", "0E6E796737EA08FE")]
    // The third key of a hash ending 00 00, and the other weak ones.
    [TestCase("00000000000000", "0101010101010101")]
    [TestCase("FFFFFFFFFFFFFF", "FEFEFEFEFEFEFEFE")]
    [TestCase("E1C3870F1E3C78", "E0E0E0E0F1F1F1F1")]
    [TestCase("1E3C78F0E1C387", "1F1F1F1F0E0E0E0E")]
    public void Seven_bytes_become_a_key_of_odd_parity(string key7, string key8)
    {
        byte[] key = new byte[8];

        Des.ExpandKey(HexBytes.Of(key7), key);

        Assert.That(Convert.ToHexString(key), Is.EqualTo(key8));
    }
}

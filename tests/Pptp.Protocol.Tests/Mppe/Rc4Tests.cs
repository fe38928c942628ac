using Pptp.Protocol.Mppe;
using Pptp.Protocol.Tests.Authentication;

namespace Pptp.Protocol.Tests.Mppe;

public sealed class Rc4Tests
{
    // RFC 6229 §2: the key stream at offsets 0, 16, 240, 4080 and 4096.
    [TestCase(
        "0102030405",
        "b2396305f03dc027ccc3524a0a1118a8", "6982944f18fc82d589c403a47a0d0919", "28cb1132c96ce286421dcaadb8b69eae",
        "068326a2118416d21f9d04b2cd1ca050", "ff25b58995996707e51fbdf08b34d875")]
    [TestCase(
        "01020304050607",
        "293f02d47f37c9b633f2af5285feb46b", "e620f1390d19bd84e2e0fd752031afc1", "914f02531c9218810df60f67e338154c",
        "f3172ceffc3b3d997c85ccd5af1a950c", "e74b0b9731227fd37c0ec08a47ddd8b8")]
    [TestCase(
        "0102030405060708",
        "97ab8a1bf0afb96132f2f67258da15a8", "8263efdb45c4a18684ef87e6b19e5b09", "9636ebc9841926f4f7d1f362bddf6e18",
        "d5fa5a3469d29aaaf83d23589db8c85b", "3fb46e2c8f0f068edce8cdcd7dfc5862")]
    [TestCase(
        "0102030405060708090a0b0c0d0e0f10",
        "9ac7cc9a609d1ef7b2932899cde41b97", "5248c4959014126a6e8a84f11d1a9e1c", "065902e4b620f6cc36c8589f66432f2b",
        "ff38265c1642c1abe8d3c2fe5e572bf8", "a36a4c301ae8ac13610ccbc12256cacc")]
    [TestCase(
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
        "eaa6bd25880bf93d3f5d1e4ca2611d91", "cfa45c9f7e714b54bdfa80027cb14380", "114ae344ded71b35f2e60febad727fd8",
        "a13a7c79c7e119b5ab0296ab28c300b9", "f3e4c0a2e02d1d01f7f0a74618af2b48")]
    public void The_key_stream_is_the_published_one(
        string key, string at0, string at16, string at240, string at4080, string at4096)
    {
        using var cipher = new Rc4();
        byte[] stream = new byte[4112];

        cipher.Initialize(HexBytes.Of(key));
        cipher.Transform(stream, stream);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexStringLower(stream.AsSpan(0, 16)), Is.EqualTo(at0));
            Assert.That(Convert.ToHexStringLower(stream.AsSpan(16, 16)), Is.EqualTo(at16));
            Assert.That(Convert.ToHexStringLower(stream.AsSpan(240, 16)), Is.EqualTo(at240));
            Assert.That(Convert.ToHexStringLower(stream.AsSpan(4080, 16)), Is.EqualTo(at4080));
            Assert.That(Convert.ToHexStringLower(stream.AsSpan(4096, 16)), Is.EqualTo(at4096));
        }
    }

    [Test]
    public void A_stream_may_be_taken_in_any_pieces()
    {
        using var cipher = new Rc4();
        byte[] stream = new byte[4112];
        int[] pieces = [0, 1, 15, 224, 3840, 32];

        cipher.Initialize(HexBytes.Of("0102030405"));
        int at = 0;
        foreach (int piece in pieces)
        {
            cipher.Transform(stream.AsSpan(at, piece), stream.AsSpan(at, piece));
            at += piece;
        }

        Assert.That(Convert.ToHexStringLower(stream.AsSpan(4096)), Is.EqualTo("ff25b58995996707e51fbdf08b34d875"));
    }

    [Test]
    public void A_new_key_forgets_the_stream_before()
    {
        using var cipher = new Rc4();
        byte[] stream = new byte[16];

        cipher.Initialize([1, 2, 3]);
        cipher.Transform(new byte[99], new byte[99]);
        cipher.Initialize(HexBytes.Of("0102030405"));
        cipher.Transform(stream, stream);

        Assert.That(Convert.ToHexStringLower(stream), Is.EqualTo("b2396305f03dc027ccc3524a0a1118a8"));
    }

    [Test]
    public void A_copied_state_goes_on_where_the_other_stood()
    {
        using var first = new Rc4();
        using var second = new Rc4();
        byte[] stream = new byte[16];

        first.Initialize(HexBytes.Of("0102030405"));
        first.Transform(new byte[16], new byte[16]);
        second.CopyFrom(first);
        first.Transform(new byte[16], new byte[16]);
        second.Transform(stream, stream);

        Assert.That(Convert.ToHexStringLower(stream), Is.EqualTo("6982944f18fc82d589c403a47a0d0919"));
    }
}

using System.Net;

namespace Pptp.Radius.Tests;

/// <summary>Against the examples of RFC 2865 §7, and packets that Python's hashlib and hmac have signed.</summary>
public sealed class RadiusCodecTests
{
    private const string RequestAuthenticator = "0f403f9473978057bd83d5cb98f4227a";

    // RFC 2865 §7.1.
    private const string NemoAccept =
        "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103";

    /// <summary>Reply-Message "hi", Mikrotik-Rate-Limit "1M".</summary>
    private const string SignedAccept =
        "020000343a1c82c32193052f50d5e909f8908a21" + "501258a13b77c2bee94035069fcb23e3c543" + "120468691a0a00003a8c0804314d";

    private static ReadOnlySpan<byte> Secret => "xyzzy5461"u8;

    [Test]
    public void The_request_of_the_rfc_comes_out_octet_by_octet()
    {
        RadiusRequest request = new(RadiusCode.AccessRequest,
        [
            RadiusValue.Of(RadiusAttributes.UserName, "nemo"),
            RadiusValue.Of(RadiusAttributes.UserPassword, "arctangent"),
            RadiusValue.Of(RadiusAttributes.NasIpAddress, IPAddress.Parse("192.168.1.16")),
            RadiusValue.Of(RadiusAttributes.NasPort, 3),
        ]);
        byte[] packet =
            RadiusCodec.WriteRequest(request, 0, Secret, Hex(RequestAuthenticator), withMessageAuthenticator: false);
        Assert.That(Convert.ToHexStringLower(packet), Is.EqualTo(
            "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee"
            + "0406c0a80110050600000003"));
    }

    [Test]
    public void A_request_begins_with_its_message_authenticator()
    {
        byte[] packet = RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.StatusServer, []), 7, Secret, Hex(RequestAuthenticator));
        Assert.That(Convert.ToHexStringLower(packet), Is.EqualTo(
            "0c0700260f403f9473978057bd83d5cb98f4227a50120a3d2c82d0ca17f03048b7049df83892"));
    }

    [Test]
    public void An_accounting_request_is_signed_twice_and_so_verified()
    {
        RadiusRequest request = new(RadiusCode.AccountingRequest,
            [RadiusValue.Of(RadiusAttributes.AcctStatusType, 1), RadiusValue.Of(RadiusAttributes.AcctSessionId, "81000001")]);
        byte[] packet = RadiusCodec.WriteRequest(request, 9, Secret, Hex(RequestAuthenticator));
        Assert.That(Convert.ToHexStringLower(packet), Is.EqualTo(
            "04090036293d6f59467b2ca477257bff9ee3d948" + "5012aa4c3c5613e9c771bfd7c44eb6bb48a8"
            + "2806000000012c0a3831303030303031"));
        Assert.That(RadiusCodec.VerifyRequest(Parse(packet), Secret, requiresMessageAuthenticator: true), Is.Null);
        Assert.That(RadiusCodec.VerifyRequest(Parse(packet), "other"u8, true), Is.EqualTo(BadReply.WrongSecret));
    }

    [Test]
    public void The_reply_of_the_rfc_is_good_where_no_message_authenticator_is_required()
    {
        RadiusPacket reply = Parse(Hex(NemoAccept));
        Assert.That(RadiusCodec.Verify(reply, Hex(RequestAuthenticator), Secret, false), Is.Null);
        Assert.That(
            RadiusCodec.Verify(reply, Hex(RequestAuthenticator), Secret, true), Is.EqualTo(BadReply.NoMessageAuthenticator));
        Assert.That(RadiusCodec.Verify(reply, Hex(RequestAuthenticator), "xyzzy"u8, false), Is.EqualTo(BadReply.WrongSecret));
    }

    [Test]
    public void A_signed_reply_is_good()
    {
        RadiusPacket reply = Parse(Hex(SignedAccept));
        Assert.That(RadiusCodec.Verify(reply, Hex(RequestAuthenticator), Secret, true), Is.Null);
        Assert.That(reply.Find(RadiusAttributes.MikrotikRateLimit)!.AsText(), Is.EqualTo("1M"));
    }

    [Test]
    public void Every_changed_bit_of_a_signed_reply_is_noticed()
    {
        byte[] good = Hex(SignedAccept);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            if (RadiusPacket.TryParse(bad, out RadiusPacket? reply, out _))
                Assert.That(RadiusCodec.Verify(reply, Hex(RequestAuthenticator), Secret, true), Is.Not.Null, $"bit {bit}");
        }
    }

    /// <summary>What an attacker gains who finds an MD5 collision: the one sum, and not the other (CVE-2024-3596).</summary>
    [Test]
    public void A_reply_whose_authenticator_alone_is_right_is_refused()
    {
        byte[] forged = Hex(SignedAccept);
        forged[30] ^= 1;
        RadiusCrypto.Sign(forged, Hex(RequestAuthenticator), Secret, forged.AsSpan(4, 16));
        Assert.That(
            RadiusCodec.Verify(Parse(forged), Hex(RequestAuthenticator), Secret, false),
            Is.EqualTo(BadReply.WrongMessageAuthenticator));
    }

    [Test]
    public void A_reply_of_ours_verifies_and_carries_salted_keys()
    {
        RadiusPacket request = Parse(RadiusCodec.WriteRequest(
            new RadiusRequest(RadiusCode.AccessRequest, []), 3, Secret, Hex(RequestAuthenticator)));
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        RadiusPacket reply = Parse(RadiusCodec.WriteReply(
            RadiusCode.AccessAccept, request,
            [
                RadiusValue.Of(RadiusAttributes.MsMppeSendKey, key),
                RadiusValue.Of(RadiusAttributes.MsMppeReceiveKey, key),
            ],
            Secret));
        Assert.That(RadiusCodec.Verify(reply, request.Authenticator, Secret, true), Is.Null);
        ReadOnlyMemory<byte> sent = reply.Find(RadiusAttributes.MsMppeSendKey)!.Octets;
        ReadOnlyMemory<byte> received = reply.Find(RadiusAttributes.MsMppeReceiveKey)!.Octets;
        Assert.That(sent.Span[..2].SequenceEqual(received.Span[..2]), Is.False, "one salt for two keys");
        Assert.That(RadiusCrypto.TryReadSalted(sent.Span, Secret, request.Authenticator, out byte[]? clear));
        Assert.That(clear, Is.EqualTo(key));
    }

    [Test]
    public void What_does_not_fit_is_an_error_of_the_caller()
    {
        RadiusValue[] many = [.. Enumerable.Range(0, 17).Select(_ => RadiusValue.Of(RadiusAttributes.Class, new byte[253]))];
        Assert.That(
            () => RadiusCodec.WriteRequest(new(RadiusCode.AccountingRequest, many), 1, Secret, Hex(RequestAuthenticator)),
            Throws.ArgumentException);
        Assert.That(() => RadiusValue.Of(RadiusAttributes.MikrotikGroup, new string('a', 248)), Throws.ArgumentException);
        Assert.That(() => RadiusValue.Of(RadiusAttributes.UserName, ""), Throws.ArgumentException);
        Assert.That(() => RadiusValue.Of(RadiusAttributes.UserPassword, new string('a', 129)), Throws.ArgumentException);
        Assert.That(RadiusValue.Of(RadiusAttributes.UserPassword, "").Octets, Has.Length.Zero);
    }

    [Test]
    public void Passwords_are_hidden_in_blocks()
    {
        byte[] hidden = RadiusCrypto.HidePassword(
            "a password of more than sixteen octets"u8, Secret, Hex(RequestAuthenticator));
        Assert.That(Convert.ToHexStringLower(hidden), Is.EqualTo(
            "0dec639881c903c42d86c4501e0a6781d0437e29f88f2bd1cca72d69f84bf6bc64698b1b2d9eee22f8740e4a1e65a7f6"));
        Assert.That(RadiusCrypto.HidePassword([], Secret, Hex(RequestAuthenticator)), Has.Length.EqualTo(16));
        Assert.That(
            () => RadiusCrypto.HidePassword(new byte[129], Secret, Hex(RequestAuthenticator)), Throws.ArgumentException);
    }

    [Test]
    public void A_salted_key_is_written_and_read()
    {
        const string Hidden = "8a5c0da08c81c05665067c58e2b2be6898a0646cfeb5c9678629e27ec26a50a45326";
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        Assert.That(RadiusCrypto.HideWithSalt(key, Secret, Hex(RequestAuthenticator), 0x8a5c), Is.EqualTo(Hex(Hidden)));
        Assert.That(RadiusCrypto.TryReadSalted(Hex(Hidden), Secret, Hex(RequestAuthenticator), out byte[]? clear));
        Assert.That(clear, Is.EqualTo(key));
    }

    [Test]
    public void A_salted_key_of_no_possible_length_is_refused([Values(0, 1, 2, 17, 19, 33)] int length) =>
        Assert.That(RadiusCrypto.TryReadSalted(new byte[length], Secret, Hex(RequestAuthenticator), out _), Is.False);

    [Test]
    public void A_salted_key_that_says_it_is_longer_than_it_can_be_is_refused()
    {
        byte[] hidden = RadiusCrypto.HideWithSalt(new byte[15], Secret, Hex(RequestAuthenticator), 0x8001);
        // Of one block the first octet is the length, in the clear but for a mask: 15 becomes 16.
        hidden[2] ^= 15 ^ 16;
        Assert.That(RadiusCrypto.TryReadSalted(hidden, Secret, Hex(RequestAuthenticator), out _), Is.False);
    }

    [TestCase("00402001", null)]
    [TestCase("004020010db800000001", "2001:db8:0:1::/64")]
    [TestCase("004020010db80000000100000000000000ff", null)]
    [TestCase("008120010db8000000010000000000000000", null)]
    [TestCase("0000", "::/0")]
    [TestCase("00", null)]
    public void A_prefix_is_what_its_length_says(string hex, string? prefix)
    {
        RadiusValue value = new(RadiusAttributes.FramedIpv6Prefix, Hex(hex));
        Assert.That(value.AsIpv6Prefix() is var (at, length) ? $"{at}/{length}" : null, Is.EqualTo(prefix));
    }

    [Test]
    public void A_value_of_another_length_than_its_kind_is_none()
    {
        Assert.That(new RadiusValue(RadiusAttributes.SessionTimeout, new byte[3]).AsInteger(), Is.Null);
        Assert.That(new RadiusValue(RadiusAttributes.FramedIpAddress, new byte[5]).AsAddress(), Is.Null);
        Assert.That(new RadiusValue(RadiusAttributes.UserName, new byte[] { 0xff }).AsText(), Is.Null);
    }

    [Test]
    public void A_password_is_not_in_what_people_read() => Assert.That(
        RadiusValue.Of(RadiusAttributes.UserPassword, "hush").ToString(), Does.Not.Contain("hush"));

    private static RadiusPacket Parse(ReadOnlySpan<byte> octets) =>
        RadiusPacket.TryParse(octets, out RadiusPacket? packet, out string? problem)
            ? packet
            : throw new AssertionException(problem);

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);
}

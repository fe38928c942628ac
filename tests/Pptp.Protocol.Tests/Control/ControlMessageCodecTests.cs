using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

public sealed class ControlMessageCodecTests
{
    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void Each_message_encodes_to_the_octets_of_the_RFC(ControlMessage message, byte[] bytes) =>
        Assert.That(Convert.ToHexString(message.Encode()), Is.EqualTo(Convert.ToHexString(bytes)));

    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void Each_message_decodes_from_the_octets_of_the_RFC(ControlMessage message, byte[] bytes)
    {
        ControlDecodeError error = ControlMessageCodec.TryDecode(bytes, out ControlMessage? decoded);

        Assert.That(error, Is.EqualTo(ControlDecodeError.None));
        Assert.That(decoded, Is.EqualTo(message));
    }

    [Test]
    public void There_is_a_vector_for_each_of_the_fifteen_messages() =>
        Assert.That(
            ControlVectors.All.Select(v => v.Message.Type),
            Is.EqualTo(Enum.GetValues<ControlMessageType>()));

    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void No_prefix_of_a_message_decodes_and_none_is_wrong_yet(ControlMessage message, byte[] bytes)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            ReadOnlySpan<byte> prefix = bytes.AsSpan(0, length);
            ControlDecodeError soFar = ControlMessageCodec.CheckPrefix(prefix);
            Assert.That(soFar, Is.EqualTo(ControlDecodeError.None), $"{length} octets");
            Assert.That(
                ControlMessageCodec.TryDecode(prefix, out ControlMessage? decoded),
                Is.EqualTo(ControlDecodeError.Length),
                $"{length} octets of {message.Type}");
            Assert.That(decoded, Is.Null);
        }
    }

    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void An_octet_too_many_is_a_wrong_length(ControlMessage message, byte[] bytes) =>
        Assert.That(
            ControlMessageCodec.TryDecode([.. bytes, 0], out _),
            Is.EqualTo(ControlDecodeError.Length),
            message.Type.ToString());

    // CVE-2003-0213 was a length of 0 or 1.
    [TestCaseSource(typeof(ControlVectors), nameof(ControlVectors.Cases))]
    public void Every_other_length_field_is_refused(ControlMessage message, byte[] bytes)
    {
        byte[] changed = [.. bytes];
        for (int length = 0; length <= ushort.MaxValue; length++)
        {
            if (length == bytes.Length)
                continue;
            changed[0] = (byte)(length >> 8);
            changed[1] = (byte)length;
            if (ControlMessageCodec.TryDecode(changed, out _) != ControlDecodeError.Length)
                Assert.Fail($"{message.Type} with length {length} was taken");
        }
    }

    [Test]
    public void Every_length_that_is_not_the_types_own_is_refused()
    {
        foreach (ControlMessageType type in Enum.GetValues<ControlMessageType>())
        {
            foreach (int length in ControlVectors.All.Select(v => v.Bytes.Length).Distinct())
            {
                byte[] message = new byte[length];
                ControlBytes.Parse($"{length:x4} 0001 1a2b3c4d {(int)type:x4} 0000").CopyTo(message, 0);
                ControlDecodeError expected = length == ControlMessageCodec.LengthOf(type)
                    ? ControlDecodeError.None
                    : ControlDecodeError.Length;
                Assert.That(ControlMessageCodec.TryDecode(message, out _), Is.EqualTo(expected), $"{type} of {length}");
            }
        }
    }

    [TestCase("0010 0000 1a2b3c4d 0005 0000 00000000", ControlDecodeError.MessageType)]
    [TestCase("0010 0002 1a2b3c4d 0005 0000 00000000", ControlDecodeError.MessageType)]
    [TestCase("0010 0101 1a2b3c4d 0005 0000 00000000", ControlDecodeError.MessageType)]
    [TestCase("0010 0001 1a2b3c4e 0005 0000 00000000", ControlDecodeError.MagicCookie)]
    [TestCase("0010 0001 4d3c2b1a 0005 0000 00000000", ControlDecodeError.MagicCookie)]
    [TestCase("0010 0001 1a2b3c4d 0000 0000 00000000", ControlDecodeError.ControlMessageType)]
    [TestCase("0010 0001 1a2b3c4d 0010 0000 00000000", ControlDecodeError.ControlMessageType)]
    [TestCase("0010 0001 1a2b3c4d 0105 0000 00000000", ControlDecodeError.ControlMessageType)]
    [TestCase("0010 0001 1a2b3c4d ffff 0000 00000000", ControlDecodeError.ControlMessageType)]
    public void A_wrong_header_is_named(string hex, ControlDecodeError expected) =>
        Assert.That(ControlMessageCodec.TryDecode(ControlBytes.Parse(hex), out _), Is.EqualTo(expected));

    // RFC 2637 §1.4: what is reserved may be used one day.
    [Test]
    public void Reserved_fields_are_not_looked_at()
    {
        byte[] bytes = ControlBytes.Parse("0010 0001 1a2b3c4d 000c ffff e60c ffff");

        ControlMessageCodec.TryDecode(bytes, out ControlMessage? decoded);

        Assert.That(decoded, Is.EqualTo(new CallClearRequest { CallId = 0xE60C }));
    }

    [Test]
    public void A_text_field_may_be_full_without_a_zero()
    {
        byte[] bytes = [.. ControlVectors.Of(ControlMessageType.StartControlConnectionRequest)];
        bytes.AsSpan(28, 128).Fill((byte)'A');

        ControlMessageCodec.TryDecode(bytes, out ControlMessage? decoded);

        var request = (StartControlConnectionRequest)decoded!;
        Assert.That(request.HostName, Is.EqualTo(new string('A', 64)));
        Assert.That(request.VendorName, Is.EqualTo(new string('A', 64)));
        Assert.That(request.Encode(), Is.EqualTo(bytes));
    }

    // Windows 95 left rubbish after the zero.
    [Test]
    public void Text_ends_at_the_first_zero()
    {
        byte[] bytes = [.. ControlVectors.Of(ControlMessageType.StartControlConnectionRequest)];
        bytes.AsSpan(28, 64).Fill(0xCC);
        "pc"u8.CopyTo(bytes.AsSpan(28));
        bytes[30] = 0;

        ControlMessageCodec.TryDecode(bytes, out ControlMessage? decoded);

        Assert.That(((StartControlConnectionRequest)decoded!).HostName, Is.EqualTo("pc"));
    }

    [Test]
    public void Every_octet_becomes_one_character_and_goes_back()
    {
        byte[] bytes = [.. ControlVectors.Of(ControlMessageType.CallDisconnectNotify)];
        for (int i = 0; i < 128; i++)
            bytes[20 + i] = (byte)(128 + i);

        ControlMessageCodec.TryDecode(bytes, out ControlMessage? decoded);

        Assert.That(((CallDisconnectNotify)decoded!).CallStatistics, Has.Length.EqualTo(128));
        Assert.That(decoded.Encode(), Is.EqualTo(bytes));
    }

    [Test]
    public void Our_own_text_is_cut_to_the_field_and_kept_in_its_character_set()
    {
        var message = new StartControlConnectionRequest { HostName = new string('h', 70), VendorName = "smile \u263A" };

        byte[] bytes = message.Encode();

        Assert.That(bytes, Has.Length.EqualTo(156));
        Assert.That(bytes.AsSpan(28, 64).ToArray(), Is.All.EqualTo((byte)'h'));
        Assert.That(bytes.AsSpan(92, 8).ToArray(), Is.EqualTo("smile ?\0"u8.ToArray()));
    }

    // 5 is right; 0, 65535 and 0x0500 (the wrong byte order, sent by fix-ups for old modems) cannot be.
    [TestCase("0005", "12345")]
    [TestCase("0003", "123")]
    [TestCase("0000", "12345")]
    [TestCase("ffff", "12345")]
    [TestCase("0500", "12345")]
    public void A_phone_number_is_read_whatever_its_length_field_says(string length, string expected)
    {
        byte[] bytes = ControlBytes.Parse($"""
            00a8 0001 1a2b3c4d 0007 0000 e60c 0000 00000960 00989680 00000003 00000003 0003 0000
            {length} 0000 '12345'*64 ''*64
            """);

        ControlMessageCodec.TryDecode(bytes, out ControlMessage? decoded);

        Assert.That(((OutgoingCallRequest)decoded!).PhoneNumber, Is.EqualTo(expected));
    }

    [Test]
    public void Result_codes_no_RFC_knows_survive_decoding()
    {
        ControlMessageCodec.TryDecode(
            ControlBytes.Parse("0014 0001 1a2b3c4d 0006 0000 00000001 fe fd 0000"), out ControlMessage? decoded);

        Assert.That(decoded, Is.EqualTo(new EchoReply
        {
            Identifier = 1,
            ResultCode = (EchoResult)0xFE,
            ErrorCode = (ControlError)0xFD,
        }));
    }
}

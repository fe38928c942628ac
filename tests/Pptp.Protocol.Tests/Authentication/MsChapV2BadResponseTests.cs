using Pptp.Protocol.Authentication;
using static Pptp.Protocol.Tests.Authentication.AuthenticatorSteps;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>Packets no honest peer sends.</summary>
public sealed class MsChapV2BadResponseTests
{
    [TestCase(0x40)]
    [TestCase(0x42)]
    public void A_response_to_another_identifier_is_ignored(int identifier)
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(Rfc2759Example.ResponsePacket((byte)identifier), Seconds(1));

        Nothing(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(authenticator.Ignored, Is.EqualTo(1));
            Assert.That(authenticator.NextDeadline, Is.EqualTo(Seconds(3)));
        }
    }

    // Nothing, half a header, a length below the header, one beyond the packet; a challenge, a success and a failure
    // of the peer's; a change of password; codes nobody gave out.
    [TestCase("")]
    [TestCase("02 41 00")]
    [TestCase("02 41 00 03")]
    [TestCase("02 41 00 05")]
    [TestCase("02 41 FF FF 31")]
    [TestCase("01 41 00 15 10 5B5D7C7D7B3F2F3E3C2C602132262628")]
    [TestCase("03 41 00 04")]
    [TestCase("04 41 00 04")]
    [TestCase("07 42 00 04")]
    [TestCase("00 41 00 04")]
    [TestCase("FF 41 00 04")]
    public void What_is_no_response_is_ignored(string packet)
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(HexBytes.Of(packet), Seconds(1));

        Nothing(authenticator);
        Assert.That(authenticator.Ignored, Is.EqualTo(1));
    }

    // No value at all; a size beyond the packet; CHAP-MD5's 16 bytes; 48 and 50 bytes.
    [TestCase(-1, 0)]
    [TestCase(49, 48)]
    [TestCase(16, 16)]
    [TestCase(48, 48)]
    [TestCase(50, 50)]
    public void A_value_of_another_size_ends_it(int size, int present)
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);
        byte[] data = size < 0 ? [] : [(byte)size, .. new byte[present]];

        authenticator.Receive(ChapBytes.Packet(2, 0x41, data), Seconds(1));

        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(
                0x41, "E=691 R=0 C=0F0E0D0C0B0A09080706050403020100 V=3 M=Authentication failed")));
        Assert.That(Failure(authenticator), Does.StartWith("a response "));
    }

    [TestCase(256, true)]
    [TestCase(257, false)]
    public void A_name_has_at_most_256_bytes(int length, bool taken)
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41, new string('x', length)), Seconds(1));

        if (taken)
        {
            Assert.That(Credentials(authenticator).UserName, Has.Length.EqualTo(256));
            return;
        }
        Assert.That(Sent(authenticator)[0], Is.EqualTo(4));
        Assert.That(Failure(authenticator), Is.EqualTo("a user name of 257 bytes"));
    }

    [Test]
    public void Reserved_bytes_and_padding_do_not_matter()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);
        byte[] packet = [.. Rfc2759Example.ResponsePacket(0x41), 0xAA, 0xBB];
        packet.AsSpan(5 + 16, 8).Fill(0xEE);

        authenticator.Receive(packet, Seconds(1));

        MsChapV2Credentials credentials = Credentials(authenticator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(credentials.UserName, Is.EqualTo("User"));
            Assert.That(credentials.Verify(Rfc2759Example.PasswordHash), Is.True);
        }
    }

    [Test]
    public void Our_challenge_given_back_as_the_peers_ends_it()
    {
        MsChapV2Authenticator authenticator = Start();
        Sent(authenticator);

        authenticator.Receive(
            ChapBytes.Response(
                0x41, Rfc2759Example.AuthenticatorChallenge, Rfc2759Example.NtResponse, 0, "User"u8.ToArray()),
            Seconds(1));

        Assert.That(Sent(authenticator)[0], Is.EqualTo(4));
        Assert.That(Failure(authenticator), Is.EqualTo("a response that gives our own challenge back"));
    }

    [Test]
    public void Any_bytes_at_all_are_survived()
    {
        var noise = new Random(1994);
        for (int round = 0; round < 2000; round++)
        {
            MsChapV2Authenticator authenticator = Start();
            Sent(authenticator);
            byte[] packet = Rfc2759Example.ResponsePacket(0x41);
            for (int i = noise.Next(4); i >= 0; i--)
                packet[noise.Next(packet.Length)] = (byte)noise.Next(256);

            Assert.That(
                () => authenticator.Receive(packet.AsSpan(0, noise.Next(packet.Length + 1)), Seconds(1)),
                Throws.Nothing);
        }
    }
}

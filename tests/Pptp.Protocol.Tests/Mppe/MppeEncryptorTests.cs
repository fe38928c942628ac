using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Tests.Mppe;

public sealed class MppeEncryptorTests
{
    // Bits A and D, the count, and the echo request under the key of that packet.
    [TestCase(0, "9000 7058132be0734a8ed366c9247f54551268f2f87b44f4bc340d2543ff696c")]
    [TestCase(1, "9001 353ca429a62dfc6842dd5b968d9230ea01b1f5d91c5a64ae26ae01f723c9")]
    [TestCase(255, "90ff 4860918ecd7887ec6f43676fff0e9248ac5e074d47e24bf6acc8ddc8c6eb")]
    [TestCase(256, "9100 cfe3e95b7c8c40a57ba5fb3d07eea9b52c5911670459687ee6c6c7136b7a")]
    [TestCase(4095, "9fff b4e7c84c996995448696a8135e2d9830ec226fe126c4b11ef18ebca963d5")]
    [TestCase(4096, "9000 93dc7501f1d331211af874c91df864ce913befca0740b95891c0ba2e169e")]
    [TestCase(5000, "9388 9e57c956cb740df5acf85836ee75f2fe28da5fcd9bde4a2804041c11c554")]
    public void A_stateless_128_bit_packet_is_as_expected(int number, string expected) =>
        ExpectStateless(MppeStrength.Bits128, number, expected);

    [TestCase(0, "9000 9edc946694f252bb375e9d445488d1ed16e1c5b8d0f35c4b21de1e748641")]
    [TestCase(4096, "9000 9d68fb137f9a9634800abcad16df196d7bb3852d8801ce2538579fd4ca13")]
    public void A_stateless_40_bit_packet_is_as_expected(int number, string expected) =>
        ExpectStateless(MppeStrength.Bits40, number, expected);

    [TestCase(0, "9000 68dab65ba567956d0f82a514ba84950dfe63fd06cb9b5181de9ee56f98ea")]
    [TestCase(4096, "9000 a7e045e07906aad4517fb8fcc0f7e4a81431d6a1251f36920156531c918c")]
    public void A_stateless_56_bit_packet_is_as_expected(int number, string expected) =>
        ExpectStateless(MppeStrength.Bits56, number, expected);

    [TestCase(MppeStrength.Bits40, 0, "1000 e6d501e55e2974911bb67ffc33b8b690f8043a0de34679cfbcdf39e99d06")]
    [TestCase(MppeStrength.Bits40, 254, "10fe 79c4b2ad6dd9e7750c869b540af6621a150d8ad6722599edd985ccbace23")]
    [TestCase(MppeStrength.Bits40, 255, "90ff 9edc946694f252bb375e9d445488d1ed16e1c5b8d0f35c4b21de1e748641")]
    [TestCase(MppeStrength.Bits128, 0, "1000 f5c0b563ff19f325019a7dda9fc22210de69f0120c274762b5833761c343")]
    [TestCase(MppeStrength.Bits128, 254, "10fe e478e21f5ac9fb1ff45b68e92a7ac48107d37731c37af9b4049a717d302f")]
    [TestCase(MppeStrength.Bits128, 255, "90ff 7058132be0734a8ed366c9247f54551268f2f87b44f4bc340d2543ff696c")]
    public void A_stateful_packet_continues_the_stream_up_to_the_flag_packet(
        MppeStrength strength, int number, string expected)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor(strength, stateless: false);

        encryptor.Skip(number);

        Assert.That(Convert.ToHexStringLower(encryptor.Next()), Is.EqualTo(expected.Replace(" ", "")));
    }

    [Test]
    public void Several_resets_before_the_next_packet_change_the_key_once()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor(stateless: false);

        encryptor.Reset();
        encryptor.Reset();
        byte[] first = encryptor.Next();
        byte[] second = encryptor.Next();

        using (Assert.EnterMultipleScope())
        {
            // The key after one change, and then its stream going on without the bit.
            Assert.That(
                Convert.ToHexStringLower(first),
                Is.EqualTo("90007058132be0734a8ed366c9247f54551268f2f87b44f4bc340d2543ff696c"));
            Assert.That(Convert.ToHexStringLower(second.AsSpan(0, 2)), Is.EqualTo("1001"));
        }
    }

    [Test]
    public void A_packet_can_be_encrypted_where_it_lies()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        byte[] buffer = [0xFF, 0xFF, .. MppeExample.Frame];

        encryptor.Encrypt(buffer.AsSpan(2), buffer);

        Assert.That(
            Convert.ToHexStringLower(buffer),
            Is.EqualTo("90007058132be0734a8ed366c9247f54551268f2f87b44f4bc340d2543ff696c"));
    }

    [Test]
    public void A_packet_makes_no_object()
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor();
        byte[] packet = new byte[1500];
        encryptor.Encrypt(packet.AsSpan(2), packet);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            encryptor.Encrypt(packet.AsSpan(2), packet);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void ExpectStateless(MppeStrength strength, int number, string expected)
    {
        using MppeEncryptor encryptor = MppeExample.Encryptor(strength);

        encryptor.Skip(number);

        Assert.That(Convert.ToHexStringLower(encryptor.Next()), Is.EqualTo(expected.Replace(" ", "")));
    }
}

using Pptp.Protocol.Mppe;
using Pptp.Protocol.Tests.Authentication;

namespace Pptp.Protocol.Tests.Mppe;

/// <summary>An echo request, and it encrypted as a server of RFC 3079 §3.5 sends it.</summary>
/// <remarks>The ciphertexts were computed by a second implementation.</remarks>
internal static class MppeExample
{
    /// <summary>Protocol 0x0021, then 192.168.1.2 to 192.168.1.1, ICMP, 28 bytes.</summary>
    public static byte[] Frame => HexBytes.Of(
        "0021 4500001c 12340000 40010000 c0a80102 c0a80101 08000000 deadbeef");

    public static byte[] StartKey => HexBytes.Of("8B 7C DC 14 9B 99 3A 1B A1 18 CB 15 3F 56 DC CB");

    public static MppeEncryptor Encryptor(MppeStrength strength = MppeStrength.Bits128, bool stateless = true) =>
        new(StartKey, strength, stateless);

    public static MppeDecryptor Decryptor(MppeStrength strength = MppeStrength.Bits128, bool stateless = true) =>
        new(StartKey, strength, stateless);

    public static byte[] Next(this MppeEncryptor encryptor) => encryptor.Next(Frame);

    public static byte[] Next(this MppeEncryptor encryptor, byte[] frame)
    {
        byte[] packet = new byte[frame.Length + 2];
        Assert.That(encryptor.Encrypt(frame, packet), Is.EqualTo(packet.Length));
        return packet;
    }

    public static void Skip(this MppeEncryptor encryptor, int packets)
    {
        for (int i = 0; i < packets; i++)
            encryptor.Next();
    }

    public static MppeDecryptResult Take(this MppeDecryptor decryptor, byte[] packet, long missing = 4095, TimeSpan now = default) =>
        decryptor.Decrypt(packet, new byte[packet.Length], out _, missing, now);

    public static void ExpectFrame(
        this MppeDecryptor decryptor, byte[] packet, long missing = 4095, TimeSpan now = default)
    {
        byte[] plain = new byte[packet.Length];
        MppeDecryptResult result = decryptor.Decrypt(packet, plain, out int written, missing, now);
        Assert.That(result, Is.EqualTo(MppeDecryptResult.Ok));
        Assert.That(plain.AsSpan(0, written).ToArray(), Is.EqualTo(Frame));
    }
}

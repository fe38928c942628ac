using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Pptp.Radius;

/// <summary>What RADIUS does with its shared secret: hides, signs and verifies.</summary>
public static class RadiusCrypto
{
    private const int BlockLength = 16;
    private const int SaltLength = 2;

    /// <summary>The longest User-Password (RFC 2865 §5.2).</summary>
    public const int LongestPassword = 128;

    /// <summary>Hides a password (RFC 2865 §5.2).</summary>
    /// <param name="password">At most <see cref="LongestPassword"/> octets.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="authenticator">Of the request, 16 octets.</param>
    /// <returns>16 to 128 octets, a multiple of 16.</returns>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static byte[] HidePassword(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> authenticator)
    {
        if (password.Length > LongestPassword)
            throw new ArgumentException($"A password of {password.Length} octets does not fit.", nameof(password));
        byte[] hidden = new byte[Math.Max(1, (password.Length + BlockLength - 1) / BlockLength) * BlockLength];
        password.CopyTo(hidden);
        Chain(hidden, secret, authenticator, hides: true);
        return hidden;
    }

    /// <summary>Hides octets under a salt (RFC 2548 §2.4.2, RFC 2868 §3.5).</summary>
    /// <param name="clear">At most 239 octets.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="authenticator">Of the request, 16 octets.</param>
    /// <param name="salt">Unlike any other of the packet; its highest bit is to be set.</param>
    /// <returns>The salt, and what is hidden.</returns>
    public static byte[] HideWithSalt(
        ReadOnlySpan<byte> clear, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> authenticator, ushort salt)
    {
        byte[] value = new byte[SaltLength + ((clear.Length + BlockLength) / BlockLength * BlockLength)];
        BinaryPrimitives.WriteUInt16BigEndian(value, salt);
        value[SaltLength] = checked((byte)clear.Length);
        clear.CopyTo(value.AsSpan(SaltLength + 1));
        Chain(value.AsSpan(SaltLength), secret, [.. authenticator, .. value.AsSpan(0, SaltLength)], hides: true);
        return value;
    }

    /// <summary>Reads what <see cref="HideWithSalt"/> has hidden.</summary>
    /// <param name="value">The whole value, of any length.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="authenticator">Of the request that was answered, 16 octets.</param>
    /// <param name="clear">What was hidden.</param>
    /// <returns>False: no length fits.</returns>
    public static bool TryReadSalted(
        ReadOnlySpan<byte> value, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> authenticator,
        [NotNullWhen(true)] out byte[]? clear)
    {
        clear = null;
        if (value.Length < SaltLength + BlockLength || (value.Length - SaltLength) % BlockLength != 0)
            return false;
        byte[] text = value[SaltLength..].ToArray();
        Chain(text, secret, [.. authenticator, .. value[..SaltLength]], hides: false);
        if (text[0] < text.Length)
            clear = text.AsSpan(1, text[0]).ToArray();
        CryptographicOperations.ZeroMemory(text);
        return clear is not null;
    }

    /// <summary>
    /// Reads MS-CHAP-MPPE-Keys, which are hidden as a password is (RFC 2548 §2.4.1): the first eight octets of the LM
    /// hash, the NT key, and eight that mean nothing.
    /// </summary>
    /// <param name="value">32 octets.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="authenticator">Of the request that was answered, 16 octets.</param>
    /// <param name="keys">32 octets.</param>
    /// <returns>False: it has another length.</returns>
    public static bool TryReadChapKeys(
        ReadOnlySpan<byte> value, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> authenticator,
        [NotNullWhen(true)] out byte[]? keys)
    {
        keys = value.Length == 2 * BlockLength ? value.ToArray() : null;
        if (keys is not null)
            Chain(keys, secret, authenticator, hides: false);
        return keys is not null;
    }

    /// <summary>Authenticator of a reply, or of a request that has none by chance (RFC 2865 §3, RFC 2866 §3).</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="authenticator">What stands in the field while the sum is made: the request's, or 16 zeros.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="sum">16 octets.</param>
    internal static void Sign(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret, Span<byte> sum)
    {
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(packet[..RadiusPacket.AuthenticatorOffset]);
        md5.AppendData(authenticator);
        md5.AppendData(packet[RadiusPacket.MinimumLength..]);
        md5.AppendData(secret);
        md5.GetHashAndReset(sum);
    }

    /// <summary>Message-Authenticator (RFC 3579 §3.2).</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="authenticator">As for <see cref="Sign"/>; a random one for a request that has it.</param>
    /// <param name="at">Where the sum is in the packet; zeros stand there while it is made.</param>
    /// <param name="secret">Shared with the server.</param>
    /// <param name="sum">16 octets.</param>
    internal static void SignMessage(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> authenticator, int at, ReadOnlySpan<byte> secret, Span<byte> sum)
    {
        Span<byte> zeros = stackalloc byte[RadiusPacket.AuthenticatorLength];
        zeros.Clear();
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, secret);
        hmac.AppendData(packet[..RadiusPacket.AuthenticatorOffset]);
        hmac.AppendData(authenticator);
        hmac.AppendData(packet[RadiusPacket.MinimumLength..at]);
        hmac.AppendData(zeros);
        hmac.AppendData(packet[(at + zeros.Length)..]);
        hmac.GetHashAndReset(sum);
    }

    /// <summary>Each block goes under the sum of the secret and the hidden block before it.</summary>
    private static void Chain(Span<byte> text, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> first, bool hides)
    {
        Span<byte> mask = stackalloc byte[BlockLength];
        Span<byte> before = stackalloc byte[BlockLength];
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (int at = 0; at < text.Length; at += BlockLength)
        {
            Span<byte> block = text.Slice(at, BlockLength);
            md5.AppendData(secret);
            md5.AppendData(at == 0 ? first : before);
            md5.GetHashAndReset(mask);
            if (!hides)
                block.CopyTo(before);
            for (int i = 0; i < BlockLength; i++)
                block[i] ^= mask[i];
            if (hides)
                block.CopyTo(before);
        }
    }
}

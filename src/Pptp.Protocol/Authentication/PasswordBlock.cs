using System.Buffers.Binary;
using System.Security.Cryptography;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Authentication;

/// <summary>What MS-CHAPv2 hides a new password and the old hash in (RFC 2759 §8.9 to §8.13).</summary>
internal static class PasswordBlock
{
    /// <summary>Bytes in an encrypted password.</summary>
    public const int Length = TextLength + sizeof(uint);

    /// <summary>The longest password, in UTF-16 code units.</summary>
    public const int MaximumPasswordLength = 256;

    private const int TextLength = MaximumPasswordLength * sizeof(char);

    /// <summary>
    /// The new password (§8.10): the last of 256 code units, and their number of bytes, under the old NT hash. False
    /// where the length is none, which is so with nearly every wrong hash.
    /// </summary>
    /// <param name="block">516 bytes.</param>
    /// <param name="oldPasswordHash">The NT hash of the old password, 16 bytes.</param>
    /// <param name="password">At least 256 long.</param>
    /// <param name="length">How many code units the password has; they may be no text.</param>
    public static bool TryDecrypt(
        ReadOnlySpan<byte> block, ReadOnlySpan<byte> oldPasswordHash, Span<char> password, out int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.Length, Length);
        Span<byte> clear = stackalloc byte[Length];
        using (Rc4 cipher = new())
        {
            cipher.Initialize(oldPasswordHash);
            cipher.Transform(block, clear);
        }
        uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(clear[TextLength..]);
        bool fits = bytes <= TextLength && bytes % sizeof(char) == 0;
        length = fits ? (int)bytes / sizeof(char) : 0;
        ReadOnlySpan<byte> text = clear[(TextLength - length * sizeof(char))..TextLength];
        for (int i = 0; i < length; i++)
            password[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(text[(2 * i)..]);
        CryptographicOperations.ZeroMemory(clear);
        return fits;
    }

    /// <summary>A hash as two DES blocks under 14 bytes of another (§8.13).</summary>
    public static void EncryptHash(
        ReadOnlySpan<byte> passwordHash, ReadOnlySpan<byte> keyHash, Span<byte> encrypted)
    {
        const int KeyLength = 7;
        Span<byte> key = stackalloc byte[Des.BlockSize];
        for (int i = 0; i < 2; i++)
        {
            Range block = (Des.BlockSize * i)..(Des.BlockSize * (i + 1));
            Des.ExpandKey(keyHash.Slice(KeyLength * i, KeyLength), key);
            Des.EncryptBlock(key, passwordHash[block], encrypted[block]);
        }
        CryptographicOperations.ZeroMemory(key);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// The session keys of one direction, each made from the one before (RFC 3078 §7, RFC 3079). A chain begins at the
/// initial session key; <see cref="Advance"/> moves it to the next.
/// </summary>
internal sealed class MppeKeyChain : IDisposable
{
    /// <summary>Bytes in the longest key.</summary>
    public const int MaximumKeyLength = 16;

    private const int PadLength = IMppeKeys.PadLength;

    // What GetNewKeyFromSHA hashes: start key, SHApad1 (zeros), session key, SHApad2 (0xF2). Only the session key
    // changes, so it lives here.
    private readonly byte[] _material;
    private readonly int _keyLength;
    private readonly MppeStrength _strength;
    private readonly Rc4 _cipher = new();

    /// <summary>
    /// Begins at the initial session key of RFC 3079's start key, 16 bytes; weaker keys use its first 8.
    /// </summary>
    public MppeKeyChain(ReadOnlySpan<byte> startKey, MppeStrength strength)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(startKey.Length, MaximumKeyLength);
        _strength = strength;
        _keyLength = strength switch
        {
            MppeStrength.Bits40 or MppeStrength.Bits56 => 8,
            MppeStrength.Bits128 => 16,
            _ => throw new ArgumentOutOfRangeException(nameof(strength)),
        };
        _material = new byte[2 * (_keyLength + PadLength)];
        startKey[.._keyLength].CopyTo(_material);
        startKey[.._keyLength].CopyTo(SessionKey);
        _material.AsSpan(2 * _keyLength + PadLength).Fill(0xF2);

        // RFC 3079 §3: the initial session key is the hash itself, not yet encrypted with itself.
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(_material, digest);
        digest[.._keyLength].CopyTo(SessionKey);
        Weaken();
        CryptographicOperations.ZeroMemory(digest);
    }

    public MppeStrength Strength => _strength;

    /// <summary>The current session key: 8 bytes for 40 and 56 bits, 16 for 128.</summary>
    public ReadOnlySpan<byte> Key => SessionKey;

    private Span<byte> SessionKey => _material.AsSpan(_keyLength + PadLength, _keyLength);

    /// <summary>Changes to the next session key (RFC 3078 §7.3).</summary>
    public void Advance()
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(_material, digest);
        Span<byte> interim = digest[.._keyLength];
        _cipher.Initialize(interim);
        _cipher.Transform(interim, SessionKey);
        Weaken();
        CryptographicOperations.ZeroMemory(digest);
    }

    /// <inheritdoc cref="IMppeKeys.CopyKeyMaterial"/>
    public void CopyMaterial(Span<byte> destination)
    {
        destination = destination[..IMppeKeys.KeyMaterialLength];
        _material.CopyTo(destination);
        // RFC 3174 §4: a one, zeros, and the length in bits.
        destination[_material.Length..].Clear();
        destination[_material.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(destination[^8..], (ulong)_material.Length * 8);
    }

    /// <summary>Copies the current key, so that <see cref="Restore"/> can go back to it.</summary>
    public void Save(Span<byte> key) => SessionKey.CopyTo(key);

    /// <summary>Goes back to a key that <see cref="Save"/> gave.</summary>
    public void Restore(ReadOnlySpan<byte> key) => key[.._keyLength].CopyTo(SessionKey);

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_material);
        _cipher.Dispose();
    }

    // RFC 3079 §3.1, §3.2: the first bytes of the weaker keys are public constants.
    private void Weaken()
    {
        Span<byte> key = SessionKey;
        switch (_strength)
        {
            case MppeStrength.Bits40:
                (key[0], key[1], key[2]) = (0xD1, 0x26, 0x9E);
                break;
            case MppeStrength.Bits56:
                key[0] = 0xD1;
                break;
        }
    }
}

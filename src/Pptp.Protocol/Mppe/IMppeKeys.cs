namespace Pptp.Protocol.Mppe;

/// <summary>The session keys of one direction of a stateless link, for whoever computes those of many packets at a time.</summary>
public interface IMppeKeys
{
    /// <summary>Octets that <see cref="CopyKeyMaterial"/> writes: two blocks of SHA-1.</summary>
    const int KeyMaterialLength = 128;

    /// <summary>Zero octets behind the start key in the material (RFC 3079 §3.4, SHApad1); the session key follows.</summary>
    const int PadLength = 40;

    MppeStrength Strength { get; }

    /// <summary>
    /// Writes what the next session key is hashed of (RFC 3079 §3.4 GetNewKeyFromSHA), padded as SHA-1 pads: start key,
    /// <see cref="PadLength"/> zeros, present session key, 40 octets F2. Keys have 16 octets for 128 bits, else 8.
    /// </summary>
    void CopyKeyMaterial(Span<byte> destination);

    /// <summary>The present session key is this one, to which the caller has computed the way.</summary>
    void MoveTo(ReadOnlySpan<byte> key);
}

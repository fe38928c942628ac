using System.Security.Cryptography;
using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// The start keys of both directions (RFC 3079): what a login yields and MPPE begins with. <see cref="Dispose"/>
/// zeroes them.
/// </summary>
/// <remarks>
/// Weaker encryption uses the first eight bytes of the key for 128 bits, but after MS-CHAPv1: there it has a key of
/// its own, from the LM hash, or none. So whoever encrypts asks for the key of the strength that CCP agreed on.
/// </remarks>
public sealed class MppeStartKeys : IDisposable
{
    /// <summary>Bytes in each key.</summary>
    public const int KeyLength = 16;

    private const int WeakKeyLength = 8;
    private const int PadLength = 40;

    private readonly byte[] _send = new byte[KeyLength];
    private readonly byte[] _receive = new byte[KeyLength];

    // MS-CHAPv1: the key for 40 and 56 bits, in both directions. Empty: there is none. Null: the keys above do.
    private readonly byte[]? _weak;

    /// <summary>Copies two keys of 16 bytes, as an authentication server or an EAP method gives them.</summary>
    public MppeStartKeys(ReadOnlySpan<byte> send, ReadOnlySpan<byte> receive)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(send.Length, KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(receive.Length, KeyLength);
        send.CopyTo(_send);
        receive.CopyTo(_receive);
    }

    private MppeStartKeys(byte[]? weak = null) => _weak = weak;

    /// <summary>The key for what this side encrypts with 128 bits. All zeros once disposed.</summary>
    public ReadOnlySpan<byte> Send => _send;

    /// <summary>The key for what this side decrypts with 128 bits. All zeros once disposed.</summary>
    public ReadOnlySpan<byte> Receive => _receive;

    // RFC 3079 §3.4 Magic1, Magic2, Magic3.
    private static ReadOnlySpan<byte> MasterKeyText => "This is the MPPE Master Key"u8;

    private static ReadOnlySpan<byte> ClientSendsText =>
        "On the client side, this is the send key; on the server side, it is the receive key."u8;

    private static ReadOnlySpan<byte> ServerSendsText =>
        "On the client side, this is the receive key; on the server side, it is the send key."u8;

    /// <summary>Derives the keys from an MS-CHAPv2 exchange (RFC 3079 §3.3).</summary>
    /// <param name="passwordHashHash">MD4 of the NT hash, 16 bytes.</param>
    /// <param name="ntResponse">The peer's NT-Response, 24 bytes.</param>
    /// <param name="isServer">True on the side that authenticated the other, which is the one called.</param>
    public static MppeStartKeys FromMsChapV2(
        ReadOnlySpan<byte> passwordHashHash, ReadOnlySpan<byte> ntResponse, bool isServer)
    {
        Span<byte> masterKey = stackalloc byte[KeyLength];
        GetMasterKey(passwordHashHash, ntResponse, masterKey);
        var keys = new MppeStartKeys();
        GetAsymmetricStartKey(masterKey, isServer ? ServerSendsText : ClientSendsText, keys._send);
        GetAsymmetricStartKey(masterKey, isServer ? ClientSendsText : ServerSendsText, keys._receive);
        CryptographicOperations.ZeroMemory(masterKey);
        return keys;
    }

    /// <summary>Derives the keys from an MS-CHAPv1 exchange (RFC 3079 §2). Both directions have the same.</summary>
    /// <param name="passwordHashHash">MD4 of the NT hash, 16 bytes.</param>
    /// <param name="challenge">The challenge that was answered, 8 bytes.</param>
    /// <param name="lmPasswordHash">The LM hash, 16 bytes; empty: only 128 bits are possible.</param>
    public static MppeStartKeys FromMsChapV1(
        ReadOnlySpan<byte> passwordHashHash, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> lmPasswordHash)
    {
        byte[] weak = [];
        if (!lmPasswordHash.IsEmpty)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(lmPasswordHash.Length, MsChapV1.LmPasswordHashLength);
            weak = new byte[KeyLength];
            lmPasswordHash[..WeakKeyLength].CopyTo(weak);
        }
        var keys = new MppeStartKeys(weak);
        GetStartKey(passwordHashHash, challenge, keys._send);
        keys._send.CopyTo(keys._receive, 0);
        return keys;
    }

    /// <summary>Whether the login gave keys of this strength.</summary>
    public bool Supports(MppeStrength strength) => strength == MppeStrength.Bits128 || _weak is not [];

    /// <summary>
    /// The key for what this side encrypts, 16 bytes for an <see cref="MppeEncryptor"/> of this strength. All zeros
    /// once disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is none, see <see cref="Supports"/>.</exception>
    public ReadOnlySpan<byte> SendFor(MppeStrength strength) => Choose(_send, strength);

    /// <summary>The same for what this side decrypts, with an <see cref="MppeDecryptor"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none, see <see cref="Supports"/>.</exception>
    public ReadOnlySpan<byte> ReceiveFor(MppeStrength strength) => Choose(_receive, strength);

    /// <summary>Zeroes all keys.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_weak);
        CryptographicOperations.ZeroMemory(_send);
        CryptographicOperations.ZeroMemory(_receive);
    }

    // RFC 3079 §3.4 GetMasterKey.
    internal static void GetMasterKey(
        ReadOnlySpan<byte> passwordHashHash, ReadOnlySpan<byte> ntResponse, Span<byte> masterKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(passwordHashHash.Length, MsChapV2.PasswordHashLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(ntResponse.Length, MsChapV2.NtResponseLength);
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        ReadOnlySpan<byte> input = [.. passwordHashHash, .. ntResponse, .. MasterKeyText];
        SHA1.HashData(input, digest);
        digest[..KeyLength].CopyTo(masterKey);
        CryptographicOperations.ZeroMemory(digest);
    }

    // RFC 3079 §2.4 Get_Start_Key.
    private static void GetStartKey(
        ReadOnlySpan<byte> passwordHashHash, ReadOnlySpan<byte> challenge, Span<byte> startKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(passwordHashHash.Length, MsChapV2.PasswordHashLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(challenge.Length, MsChapV1.ChallengeLength);
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        ReadOnlySpan<byte> input = [.. passwordHashHash, .. passwordHashHash, .. challenge];
        SHA1.HashData(input, digest);
        digest[..KeyLength].CopyTo(startKey);
        CryptographicOperations.ZeroMemory(digest);
    }

    // RFC 3079 §3.4 GetAsymmetricStartKey.
    private static void GetAsymmetricStartKey(
        ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> text, Span<byte> startKey)
    {
        Span<byte> input = stackalloc byte[KeyLength + PadLength + text.Length + PadLength];
        input.Clear();
        masterKey.CopyTo(input);
        text.CopyTo(input[(KeyLength + PadLength)..]);
        input[^PadLength..].Fill(0xF2);
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, digest);
        digest[..KeyLength].CopyTo(startKey);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(digest);
    }

    private byte[] Choose(byte[] strong, MppeStrength strength)
    {
        if (!Supports(strength))
            throw new InvalidOperationException("The login gave no key of this strength.");
        return strength == MppeStrength.Bits128 ? strong : _weak ?? strong;
    }
}

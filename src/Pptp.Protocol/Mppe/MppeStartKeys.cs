using System.Security.Cryptography;
using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// The start keys of both directions, 128 bits each (RFC 3079 §3.3): what a login yields and MPPE begins with.
/// Weaker encryption uses the first eight bytes of each. <see cref="Dispose"/> zeroes them.
/// </summary>
public sealed class MppeStartKeys : IDisposable
{
    /// <summary>Bytes in each key.</summary>
    public const int KeyLength = 16;

    private const int PadLength = 40;

    private readonly byte[] _send = new byte[KeyLength];
    private readonly byte[] _receive = new byte[KeyLength];

    /// <summary>Copies two keys of 16 bytes, as an authentication server or an EAP method gives them.</summary>
    public MppeStartKeys(ReadOnlySpan<byte> send, ReadOnlySpan<byte> receive)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(send.Length, KeyLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(receive.Length, KeyLength);
        send.CopyTo(_send);
        receive.CopyTo(_receive);
    }

    private MppeStartKeys()
    {
    }

    /// <summary>The key for what this side encrypts. All zeros once disposed.</summary>
    public ReadOnlySpan<byte> Send => _send;

    /// <summary>The key for what this side decrypts. All zeros once disposed.</summary>
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

    /// <summary>Zeroes both keys.</summary>
    public void Dispose()
    {
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
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;

namespace Pptp.Testing.Calling;

/// <summary>
/// The calling side of a change of password (RFC 2759 §7), written a second time: with the platform's DES, and with an
/// RC4 of its own.
/// </summary>
public sealed class PasswordChange
{
    private const int TextLength = 512;

    private readonly byte[] _name;
    private readonly byte[] _challenge;
    private readonly byte[] _peerChallenge = RandomNumberGenerator.GetBytes(16);
    private readonly byte[] _newHash;
    private readonly byte[] _ntResponse = new byte[24];

    /// <param name="user">As in the Response before.</param>
    /// <param name="oldPassword">The one that has expired.</param>
    /// <param name="newPassword">The one to come.</param>
    /// <param name="challenge">Of the Failure, 16 bytes.</param>
    /// <param name="identifier">The Failure's and one.</param>
    public PasswordChange(string user, string oldPassword, string newPassword, byte[] challenge, byte identifier)
    {
        _name = Encoding.UTF8.GetBytes(user[(user.LastIndexOf('\\') + 1)..]);
        _challenge = challenge;
        _newHash = HashOf(newPassword);
        byte[] oldHash = HashOf(oldPassword);
        MsChapV2.GenerateNtResponse(challenge, _peerChallenge, _name, _newHash, _ntResponse);
        byte[] hidden = [.. Des(_newHash[..7], oldHash[..8]), .. Des(_newHash[7..14], oldHash[8..])];
        Packet = PppWire.Packet(
            7,
            identifier,
            [.. Hide(newPassword, oldHash), .. hidden, .. _peerChallenge, .. new byte[8], .. _ntResponse, 0, 0]);
    }

    /// <summary>The Change-Password packet, 586 bytes.</summary>
    public byte[] Packet { get; }

    /// <summary>Whether a Success shows that the server knows the new password.</summary>
    public bool IsProvenBy(ReadOnlySpan<byte> message) => MsChapV2.VerifyAuthenticatorResponse(
        _newHash, _ntResponse, _peerChallenge, _challenge, _name, message);

    /// <summary>The keys of the session, from the new password.</summary>
    public MppeStartKeys DeriveKeys()
    {
        byte[] hashHash = new byte[16];
        MsChapV2.HashNtPasswordHash(_newHash, hashHash);
        return MppeStartKeys.FromMsChapV2(hashHash, _ntResponse, isServer: false);
    }

    private static byte[] HashOf(string password)
    {
        byte[] hash = new byte[16];
        MsChapV2.NtPasswordHash(password, hash);
        return hash;
    }

    private static byte[] Hide(string password, byte[] key)
    {
        byte[] block = RandomNumberGenerator.GetBytes(TextLength + 4);
        // Code units as they stand, be they text or not.
        byte[] text = [.. password.SelectMany(unit => (IEnumerable<byte>)[(byte)unit, (byte)(unit >> 8)])];
        text.CopyTo(block, TextLength - text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(TextLength), text.Length);

        byte[] state = [.. Enumerable.Range(0, 256).Select(n => (byte)n)];
        for (int i = 0, j = 0; i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) % 256;
            (state[i], state[j]) = (state[j], state[i]);
        }
        for (int n = 0, j = 0; n < block.Length; n++)
        {
            int i = (n + 1) % 256;
            j = (j + state[i]) % 256;
            (state[i], state[j]) = (state[j], state[i]);
            block[n] ^= state[(state[i] + state[j]) % 256];
        }
        return block;
    }

    /// <summary>One block under seven octets, to each seven bits of which a parity bit is added.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The protocol wants it.")]
    private static byte[] Des(byte[] key, byte[] block)
    {
        ulong bits = 0;
        foreach (byte octet in key)
            bits = (bits << 8) | octet;
        byte[] expanded = [.. Enumerable.Range(0, 8).Select(i => (byte)((bits >> (49 - (7 * i)) << 1) & 0xFE))];
        using DES des = DES.Create();
        des.Key = expanded;
        return des.EncryptEcb(block, PaddingMode.None);
    }
}

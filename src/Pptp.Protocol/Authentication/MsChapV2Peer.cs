using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Pptp.Protocol.Mppe;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of MS-CHAPv2 that is asked (RFC 2759): answers challenges and checks that the authenticator knows the
/// password too. Takes no further try: a Failure is the end.
/// </summary>
public sealed class MsChapV2Peer : IDisposable
{
    private readonly byte[] _userName;
    private readonly byte[] _passwordHash = new byte[MsChapV2.PasswordHashLength];
    private readonly IRandomSource _random;
    private readonly Queue<AuthenticationEvent> _events = new();

    private readonly byte[] _ntResponse = new byte[MsChapV2.NtResponseLength];
    private readonly byte[] _peerChallenge = new byte[MsChapV2.ChallengeLength];
    private byte[] _challenge = [];
    private byte[] _response = [];
    private byte _identifier;
    private bool _awaitingReply;

    /// <param name="userName">As it is sent, a domain before a backslash included; at most 256 bytes of UTF-8.</param>
    /// <param name="ntPasswordHash">The NT hash of the password, 16 bytes; copied.</param>
    /// <param name="random">Challenges come from here: must be unpredictable.</param>
    public MsChapV2Peer(string userName, ReadOnlySpan<byte> ntPasswordHash, IRandomSource random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ntPasswordHash.Length, MsChapV2.PasswordHashLength);
        _userName = Encoding.UTF8.GetBytes(userName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_userName.Length, MsChapV2.MaximumUserNameLength);
        ntPasswordHash.CopyTo(_passwordHash);
        _random = random;
    }

    /// <summary>The code of the last Failure, such as 691; null when there was none or it named none.</summary>
    public int? ErrorCode { get; private set; }

    private ReadOnlySpan<byte> HashedName => MsChapV2.WithoutDomain(_userName);

    /// <summary>Makes a peer from a password.</summary>
    public static MsChapV2Peer FromPassword(string userName, ReadOnlySpan<char> password, IRandomSource random)
    {
        Span<byte> hash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        var peer = new MsChapV2Peer(userName, hash, random);
        CryptographicOperations.ZeroMemory(hash);
        return peer;
    }

    /// <summary>Takes one packet: the information field of a PPP frame of CHAP, of any content.</summary>
    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (!ChapPacket.TryParse(packet, out ChapPacket parsed))
            return;
        switch (parsed.Code)
        {
            case ChapCode.Challenge:
                Answer(parsed);
                break;
            case ChapCode.Success when _awaitingReply && parsed.Identifier == _identifier:
                _awaitingReply = false;
                bool proven = MsChapV2.VerifyAuthenticatorResponse(
                    _passwordHash, _ntResponse, _peerChallenge, _challenge, HashedName, parsed.Data);
                _events.Enqueue(proven
                    ? new AuthenticationEvent.Succeeded()
                    : new AuthenticationEvent.Failed("the server does not know the password"));
                break;
            case ChapCode.Failure when _awaitingReply && parsed.Identifier == _identifier:
                _awaitingReply = false;
                string message = ChapText.Decode(parsed.Data);
                ErrorCode = ReadErrorCode(message);
                _events.Enqueue(new AuthenticationEvent.Failed(message));
                break;
        }
    }

    /// <summary>Takes the next event: Send, Succeeded or Failed.</summary>
    public bool TryTake([NotNullWhen(true)] out AuthenticationEvent? authenticationEvent) =>
        _events.TryDequeue(out authenticationEvent);

    /// <summary>The MPPE start keys of the last exchange, this side's view (RFC 3079 §3).</summary>
    public MppeStartKeys DeriveKeys()
    {
        Span<byte> hashHash = stackalloc byte[MsChapV2.PasswordHashLength];
        MsChapV2.HashNtPasswordHash(_passwordHash, hashHash);
        MppeStartKeys keys = MppeStartKeys.FromMsChapV2(hashHash, _ntResponse, isServer: false);
        CryptographicOperations.ZeroMemory(hashHash);
        return keys;
    }

    /// <summary>Zeroes the password's hash.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_passwordHash);

    private void Answer(ChapPacket packet)
    {
        if (!packet.TryReadValue(out ReadOnlySpan<byte> challenge, out _)
            || challenge.Length != MsChapV2.ChallengeLength)
        {
            return;
        }

        // A challenge that comes again gets the same response: the proof that follows belongs to one of them, and
        // nobody could say to which.
        bool again = packet.Identifier == _identifier && challenge.SequenceEqual(_challenge);
        if (!again)
        {
            _identifier = packet.Identifier;
            _challenge = challenge.ToArray();
            _random.Fill(_peerChallenge);
            MsChapV2.GenerateNtResponse(_challenge, _peerChallenge, HashedName, _passwordHash, _ntResponse);
            byte[] value = MsChapV2Response.Encode(_peerChallenge, _ntResponse);
            _response = ChapPacket.EncodeValue(ChapCode.Response, _identifier, value, _userName);
        }
        _awaitingReply = true;
        _events.Enqueue(new AuthenticationEvent.Send(_response));
    }

    private static int? ReadErrorCode(string message)
    {
        if (!message.StartsWith("E=", StringComparison.Ordinal))
            return null;
        ReadOnlySpan<char> rest = message.AsSpan(2);
        int end = rest.IndexOf(' ');
        return int.TryParse(end < 0 ? rest : rest[..end], out int code) ? code : null;
    }
}

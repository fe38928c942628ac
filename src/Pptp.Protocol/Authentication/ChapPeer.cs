using System.Text;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of CHAP that is asked (RFC 1994): answers challenges, the same one always alike, and takes the reply to
/// its last answer. What a method puts into a response is its own.
/// </summary>
public abstract class ChapPeer : AuthenticationPeer
{
    private byte[] _response = [];
    private byte _identifier;
    private bool _awaitingReply;

    /// <exception cref="ArgumentOutOfRangeException">The name is longer than 256 bytes of UTF-8.</exception>
    private protected ChapPeer(string userName)
    {
        UserName = Encoding.UTF8.GetBytes(userName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(UserName.Length, MsChapV2.MaximumUserNameLength);
    }

    /// <inheritdoc/>
    public sealed override ushort Protocol => 0xC223;

    /// <summary>The code of the last Failure, such as 691; null when there was none or it named none.</summary>
    public int? ErrorCode { get; private set; }

    /// <summary>As it is sent.</summary>
    private protected byte[] UserName { get; }

    /// <summary>The value of the challenge that was answered last.</summary>
    private protected byte[] Challenge { get; private set; } = [];

    /// <inheritdoc/>
    public sealed override void Receive(ReadOnlySpan<byte> packet)
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
                Raise(IsProven(parsed.Data)
                    ? new AuthenticationEvent.Succeeded()
                    : new AuthenticationEvent.Failed("the server does not know the password"));
                break;
            case ChapCode.Failure when _awaitingReply && parsed.Identifier == _identifier:
                _awaitingReply = false;
                string message = ChapText.Decode(parsed.Data);
                ErrorCode = ReadErrorCode(message);
                Raise(new AuthenticationEvent.Failed(message));
                break;
        }
    }

    /// <summary>Whether this method answers a challenge of so many bytes.</summary>
    private protected abstract bool CanAnswer(int challengeLength);

    /// <summary>The value of the response to <see cref="Challenge"/>.</summary>
    private protected abstract byte[] MakeResponse(byte identifier);

    /// <summary>Whether a Success is one: the server may have to show that it knows the password.</summary>
    private protected virtual bool IsProven(ReadOnlySpan<byte> message) => true;

    private void Answer(ChapPacket packet)
    {
        if (!packet.TryReadValue(out ReadOnlySpan<byte> challenge, out _) || !CanAnswer(challenge.Length))
            return;

        // A challenge that comes again gets the same response: the proof that follows belongs to one of them, and
        // nobody could say to which.
        bool again = packet.Identifier == _identifier && challenge.SequenceEqual(Challenge);
        if (!again)
        {
            _identifier = packet.Identifier;
            Challenge = challenge.ToArray();
            _response = ChapPacket.EncodeValue(ChapCode.Response, _identifier, MakeResponse(_identifier), UserName);
        }
        _awaitingReply = true;
        Raise(new AuthenticationEvent.Send(_response));
    }

    // RFC 2433 §8, RFC 2759 §6.
    private static int? ReadErrorCode(string message)
    {
        if (!message.StartsWith("E=", StringComparison.Ordinal))
            return null;
        ReadOnlySpan<char> rest = message.AsSpan(2);
        int end = rest.IndexOf(' ');
        return int.TryParse(end < 0 ? rest : rest[..end], out int code) ? code : null;
    }
}

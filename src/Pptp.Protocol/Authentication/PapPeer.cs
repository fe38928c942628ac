using System.Security.Cryptography;
using System.Text;

namespace Pptp.Protocol.Authentication;

/// <summary>
/// The side of PAP that logs in (RFC 1334): it speaks first, and again for as long as nobody answers.
/// </summary>
public sealed class PapPeer : AuthenticationPeer
{
    private readonly byte[] _userName;
    private readonly byte[] _password;
    private byte _identifier;
    private bool _awaitingReply;

    /// <param name="userName">As it is sent; at most 255 bytes of UTF-8.</param>
    /// <param name="password">In UTF-8, at most 255 bytes; copied.</param>
    public PapPeer(string userName, ReadOnlySpan<byte> password)
    {
        _userName = Encoding.UTF8.GetBytes(userName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_userName.Length, PapPacket.MaximumFieldLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(password.Length, PapPacket.MaximumFieldLength);
        _password = password.ToArray();
    }

    /// <inheritdoc/>
    public override ushort Protocol => 0xC023;

    /// <summary>
    /// Sends an Authenticate-Request: when LCP opens, and again each time no answer came for some seconds.
    /// </summary>
    public void SendRequest()
    {
        // RFC 1334 §2.2.1: another identifier each time.
        _identifier++;
        _awaitingReply = true;
        Raise(new AuthenticationEvent.Send(PapPacket.EncodeRequest(_identifier, _userName, _password)));
    }

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> packet)
    {
        if (!_awaitingReply || !PapPacket.TryParse(packet, out PapPacket parsed) || parsed.Identifier != _identifier)
            return;
        switch (parsed.Code)
        {
            case PapCode.AuthenticateAck:
                _awaitingReply = false;
                Raise(new AuthenticationEvent.Succeeded());
                break;
            case PapCode.AuthenticateNak:
                _awaitingReply = false;
                Raise(new AuthenticationEvent.Failed(ChapText.Decode(parsed.ReadMessage())));
                break;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_password);
}

using Pptp.Protocol.Mppe;

namespace Pptp.Testing.Calling.Eap;

/// <summary>The side of EAP (RFC 3748) that is asked, with one method.</summary>
internal sealed class EapCaller : IDisposable
{
    private const byte Request = 1;
    private const byte Response = 2;
    private const byte Success = 3;
    private const byte Failed = 4;

    private const byte Identity = 1;
    private const byte Notification = 2;
    private const byte Nak = 3;

    private readonly byte[] _user;
    private readonly EapMethod _method;
    private byte[] _answer = [];

    public EapCaller(CallSettings settings, string password)
    {
        _user = System.Text.Encoding.UTF8.GetBytes(settings.User);
        _method = settings.Eap switch
        {
            EapWay.Tls => new EapTls(
                settings.Certificate ?? throw new ArgumentException("EAP-TLS needs a certificate", nameof(settings)),
                settings.TlsFragment),
            EapWay.MsChapV2 => new EapMsChapV2(settings.User, password),
            _ => new EapMd5(settings.User, password),
        };
    }

    public bool HasSucceeded { get; private set; }

    /// <summary>Null: it is not over, or a success.</summary>
    public string? Failure { get; private set; }

    /// <summary>Requests that were answered, repeated ones not counted.</summary>
    public int Rounds { get; private set; }

    /// <summary>The answer to a packet; null: there is none.</summary>
    public byte[]? Receive(ReadOnlySpan<byte> packet)
    {
        switch (packet[0])
        {
            case Request when packet.Length > 4:
                // §4.1: the same request again is answered by the same answer.
                if (_answer.Length > 0 && _answer[1] == packet[1])
                    return _answer;
                Rounds++;
                return _answer = Answer(packet[1], packet[4], packet[5..]);
            case Success when _method.IsDone:
                HasSucceeded = true;
                return null;
            case Success:
                Failure = "EAP-Success before the method was done";
                return null;
            case Failed:
                Failure = "EAP-Failure";
                return null;
            default:
                return null;
        }
    }

    public MppeStartKeys DeriveKeys() => _method.DeriveKeys();

    public void Dispose() => _method.Dispose();

    private byte[] Answer(byte identifier, byte type, ReadOnlySpan<byte> data) => PppWire.Packet(
        Response,
        identifier,
        type switch
        {
            Identity => [Identity, .. _user],
            Notification => [Notification],
            _ when type == _method.Type => [type, .. _method.Answer(identifier, data)],
            _ => [Nak, _method.Type],
        });
}

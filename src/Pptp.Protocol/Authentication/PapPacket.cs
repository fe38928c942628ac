namespace Pptp.Protocol.Authentication;

/// <summary>A PAP packet (RFC 1334 §2.2).</summary>
internal readonly ref struct PapPacket
{
    /// <summary>The longest name, password or message, in bytes: each has a length byte before it.</summary>
    public const int MaximumFieldLength = byte.MaxValue;

    private readonly AuthenticationPacket _packet;

    private PapPacket(AuthenticationPacket packet) => _packet = packet;

    public PapCode Code => (PapCode)_packet.Code;

    public byte Identifier => _packet.Identifier;

    /// <inheritdoc cref="AuthenticationPacket.Data"/>
    public ReadOnlySpan<byte> Data => _packet.Data;

    /// <inheritdoc cref="AuthenticationPacket.TryParse"/>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out PapPacket packet)
    {
        bool isWhole = AuthenticationPacket.TryParse(bytes, out AuthenticationPacket parsed);
        packet = new PapPacket(parsed);
        return isWhole;
    }

    /// <summary>Splits the data of an Authenticate-Request (§2.2.1). False when a field does not fit.</summary>
    public bool TryReadRequest(out ReadOnlySpan<byte> userName, out ReadOnlySpan<byte> password)
    {
        password = default;
        return AuthenticationPacket.TryReadField(Data, out userName, out ReadOnlySpan<byte> rest)
            && AuthenticationPacket.TryReadField(rest, out password, out _);
    }

    /// <summary>The message of an Ack or a Nak (§2.2.2). Peers leave it out, its length byte included.</summary>
    public ReadOnlySpan<byte> ReadMessage() =>
        AuthenticationPacket.TryReadField(Data, out ReadOnlySpan<byte> message, out _) ? message : default;

    public static byte[] EncodeRequest(byte identifier, ReadOnlySpan<byte> userName, ReadOnlySpan<byte> password) =>
        AuthenticationPacket.Encode(
            (byte)PapCode.AuthenticateRequest,
            identifier,
            [checked((byte)userName.Length), .. userName, checked((byte)password.Length), .. password]);

    /// <summary>An Ack or a Nak.</summary>
    public static byte[] EncodeReply(PapCode code, byte identifier, ReadOnlySpan<byte> message) =>
        AuthenticationPacket.Encode((byte)code, identifier, [checked((byte)message.Length), .. message]);
}

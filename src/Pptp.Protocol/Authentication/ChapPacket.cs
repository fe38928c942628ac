namespace Pptp.Protocol.Authentication;

/// <summary>A CHAP packet (RFC 1994 §4).</summary>
internal readonly ref struct ChapPacket
{
    private readonly AuthenticationPacket _packet;

    private ChapPacket(AuthenticationPacket packet) => _packet = packet;

    public ChapCode Code => (ChapCode)_packet.Code;

    public byte Identifier => _packet.Identifier;

    /// <inheritdoc cref="AuthenticationPacket.Data"/>
    public ReadOnlySpan<byte> Data => _packet.Data;

    /// <inheritdoc cref="AuthenticationPacket.TryParse"/>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ChapPacket packet)
    {
        bool isWhole = AuthenticationPacket.TryParse(bytes, out AuthenticationPacket parsed);
        packet = new ChapPacket(parsed);
        return isWhole;
    }

    /// <summary>
    /// Splits the data of a Challenge or Response (RFC 1994 §4.1): a size byte, the value, the name. False when the
    /// value does not fit.
    /// </summary>
    public bool TryReadValue(out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> name) =>
        AuthenticationPacket.TryReadField(Data, out value, out name);

    public static byte[] Encode(ChapCode code, byte identifier, ReadOnlySpan<byte> data) =>
        AuthenticationPacket.Encode((byte)code, identifier, data);

    /// <summary>A Challenge or a Response.</summary>
    public static byte[] EncodeValue(
        ChapCode code, byte identifier, ReadOnlySpan<byte> value, ReadOnlySpan<byte> name) =>
        Encode(code, identifier, [checked((byte)value.Length), .. value, .. name]);
}

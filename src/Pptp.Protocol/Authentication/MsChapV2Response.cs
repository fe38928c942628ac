namespace Pptp.Protocol.Authentication;

/// <summary>The value of an MS-CHAPv2 Response, 49 bytes (RFC 2759 §4).</summary>
internal readonly ref struct MsChapV2Response
{
    public const int Length = MsChapV2.ChallengeLength + ReservedLength + MsChapV2.NtResponseLength + 1;

    private const int ReservedLength = 8;

    private readonly ReadOnlySpan<byte> _value;

    private MsChapV2Response(ReadOnlySpan<byte> value) => _value = value;

    public ReadOnlySpan<byte> PeerChallenge => _value[..MsChapV2.ChallengeLength];

    public ReadOnlySpan<byte> NtResponse =>
        _value.Slice(MsChapV2.ChallengeLength + ReservedLength, MsChapV2.NtResponseLength);

    public byte Flags => _value[^1];

    /// <summary>False for any other length. The reserved bytes must be zero by the RFC and are not looked at.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out MsChapV2Response response)
    {
        response = default;
        if (value.Length != Length)
            return false;
        response = new MsChapV2Response(value);
        return true;
    }

    public static byte[] Encode(ReadOnlySpan<byte> peerChallenge, ReadOnlySpan<byte> ntResponse)
    {
        byte[] value = new byte[Length];
        peerChallenge.CopyTo(value);
        ntResponse.CopyTo(value.AsSpan(MsChapV2.ChallengeLength + ReservedLength));
        return value;
    }
}

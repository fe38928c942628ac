namespace Pptp.Protocol.Authentication;

/// <summary>The value of an MS-CHAPv1 Response, 49 bytes (RFC 2433 §6).</summary>
internal readonly ref struct MsChapV1Response
{
    public const int Length = LmResponseLength + MsChapV2.NtResponseLength + 1;

    private const int LmResponseLength = 24;

    private readonly ReadOnlySpan<byte> _value;

    private MsChapV1Response(ReadOnlySpan<byte> value) => _value = value;

    public ReadOnlySpan<byte> LmResponse => _value[..LmResponseLength];

    public ReadOnlySpan<byte> NtResponse => _value.Slice(LmResponseLength, MsChapV2.NtResponseLength);

    /// <summary>Zero: the NT response is to be ignored.</summary>
    public byte UseNtResponse => _value[^1];

    /// <summary>False for any other length.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out MsChapV1Response response)
    {
        response = default;
        if (value.Length != Length)
            return false;
        response = new MsChapV1Response(value);
        return true;
    }

    /// <summary>Zeros in place of the LM response, as the RFC advises.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> ntResponse)
    {
        byte[] value = new byte[Length];
        ntResponse.CopyTo(value.AsSpan(LmResponseLength));
        value[^1] = 1;
        return value;
    }
}

namespace Pptp.Protocol.Ppp.Lcp;

/// <summary>The data of LCP option 3 (RFC 1661 §6.2, RFC 1994 §3).</summary>
internal static class AuthenticationMethodCodec
{
    private static readonly AuthenticationMethod[] All = Enum.GetValues<AuthenticationMethod>();

    public static byte[] Encode(AuthenticationMethod method) => method switch
    {
        AuthenticationMethod.Eap => [0xC2, 0x27],
        AuthenticationMethod.MsChapV2 => [0xC2, 0x23, 0x81],
        AuthenticationMethod.MsChapV1 => [0xC2, 0x23, 0x80],
        AuthenticationMethod.ChapMd5 => [0xC2, 0x23, 0x05],
        _ => [0xC0, 0x23],
    };

    /// <summary>The method of an option's data; null for one this product does not have.</summary>
    public static AuthenticationMethod? Decode(ReadOnlySpan<byte> data)
    {
        foreach (AuthenticationMethod method in All)
        {
            if (data.SequenceEqual(Encode(method))) return method;
        }
        return null;
    }

    /// <summary>The data in words for the log: the method, or its octets.</summary>
    public static string Describe(ReadOnlySpan<byte> data)
    {
        if (Decode(data) is { } method) return method == AuthenticationMethod.Eap ? "EAP" : method.ToString();
        return "0x" + Convert.ToHexString(data);
    }
}

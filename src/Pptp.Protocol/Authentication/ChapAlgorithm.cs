namespace Pptp.Protocol.Authentication;

/// <summary>The byte after 0xC223 in LCP's Authentication-Protocol option (RFC 1994 §3).</summary>
public enum ChapAlgorithm : byte
{
    Md5 = 0x05,
    MsChapV1 = 0x80,
    MsChapV2 = 0x81,
}

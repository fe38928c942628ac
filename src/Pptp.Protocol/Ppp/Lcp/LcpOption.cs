namespace Pptp.Protocol.Ppp.Lcp;

/// <summary>The LCP options we know (RFC 1661 §6, RFC 1662 §7.1, RFC 1990 §5.1); every other one is rejected.</summary>
internal static class LcpOption
{
    public const byte MaximumReceiveUnit = 1;
    public const byte AsyncControlCharacterMap = 2;
    public const byte AuthenticationProtocol = 3;
    public const byte MagicNumber = 5;
    public const byte ProtocolFieldCompression = 7;
    public const byte AddressAndControlFieldCompression = 8;
    public const byte MaximumReceiveReconstructedUnit = 17;
    public const byte ShortSequenceNumbers = 18;
    public const byte EndpointDiscriminator = 19;
}

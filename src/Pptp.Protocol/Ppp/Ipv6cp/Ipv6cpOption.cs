namespace Pptp.Protocol.Ppp.Ipv6cp;

/// <summary>The IPv6CP option we know (RFC 5072 §4); every other one, header compression too, is rejected.</summary>
internal static class Ipv6cpOption
{
    public const byte InterfaceIdentifier = 1;
}

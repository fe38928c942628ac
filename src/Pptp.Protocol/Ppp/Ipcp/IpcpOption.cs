namespace Pptp.Protocol.Ppp.Ipcp;

/// <summary>The IPCP options we know (RFC 1332 §3.3, RFC 1877 §1); every other one, VJ too, is rejected.</summary>
internal static class IpcpOption
{
    public const byte IpAddress = 3;
    public const byte PrimaryDns = 129;
    public const byte PrimaryNbns = 130;
    public const byte SecondaryDns = 131;
    public const byte SecondaryNbns = 132;
}

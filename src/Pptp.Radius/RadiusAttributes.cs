using System.Collections.Frozen;
using static Pptp.Radius.RadiusValueKind;

namespace Pptp.Radius;

/// <summary>Every attribute that is sent or heeded here, from one table.</summary>
public static class RadiusAttributes
{
    public const uint Microsoft = 311;
    public const uint Ascend = 529;
    public const uint Mikrotik = 14988;
    public const uint Wispr = 14122;

    private static readonly Dictionary<(uint Vendor, byte Type), RadiusAttribute> Declared = [];

    // RFC 2865 §5
    public static readonly RadiusAttribute UserName = Declare("User-Name", 1, Text);
    public static readonly RadiusAttribute UserPassword = Declare("User-Password", 2, HiddenPassword);
    public static readonly RadiusAttribute ChapPassword = Declare("CHAP-Password", 3, Octets);
    public static readonly RadiusAttribute NasIpAddress = Declare("NAS-IP-Address", 4, Address);
    public static readonly RadiusAttribute NasPort = Declare("NAS-Port", 5, Integer);
    public static readonly RadiusAttribute ServiceType = Declare("Service-Type", 6, Integer);
    public static readonly RadiusAttribute FramedProtocol = Declare("Framed-Protocol", 7, Integer);
    public static readonly RadiusAttribute FramedIpAddress = Declare("Framed-IP-Address", 8, Address);
    public static readonly RadiusAttribute FramedIpNetmask = Declare("Framed-IP-Netmask", 9, Address);
    public static readonly RadiusAttribute FilterId = Declare("Filter-Id", 11, Text);
    public static readonly RadiusAttribute FramedMtu = Declare("Framed-MTU", 12, Integer);
    public static readonly RadiusAttribute ReplyMessage = Declare("Reply-Message", 18, Text);
    public static readonly RadiusAttribute FramedRoute = Declare("Framed-Route", 22, Text);
    public static readonly RadiusAttribute State = Declare("State", 24, Octets);
    public static readonly RadiusAttribute Class = Declare("Class", 25, Octets);
    public static readonly RadiusAttribute VendorSpecific = Declare("Vendor-Specific", 26, Octets);
    public static readonly RadiusAttribute SessionTimeout = Declare("Session-Timeout", 27, Integer);
    public static readonly RadiusAttribute IdleTimeout = Declare("Idle-Timeout", 28, Integer);
    public static readonly RadiusAttribute TerminationAction = Declare("Termination-Action", 29, Integer);
    public static readonly RadiusAttribute CalledStationId = Declare("Called-Station-Id", 30, Text);
    public static readonly RadiusAttribute CallingStationId = Declare("Calling-Station-Id", 31, Text);
    public static readonly RadiusAttribute NasIdentifier = Declare("NAS-Identifier", 32, Text);
    public static readonly RadiusAttribute ProxyState = Declare("Proxy-State", 33, Octets);
    public static readonly RadiusAttribute ChapChallenge = Declare("CHAP-Challenge", 60, Octets);
    public static readonly RadiusAttribute NasPortType = Declare("NAS-Port-Type", 61, Integer);
    public static readonly RadiusAttribute PortLimit = Declare("Port-Limit", 62, Integer);

    // RFC 2866 §5
    public static readonly RadiusAttribute AcctStatusType = Declare("Acct-Status-Type", 40, Integer);
    public static readonly RadiusAttribute AcctDelayTime = Declare("Acct-Delay-Time", 41, Integer);
    public static readonly RadiusAttribute AcctInputOctets = Declare("Acct-Input-Octets", 42, Integer);
    public static readonly RadiusAttribute AcctOutputOctets = Declare("Acct-Output-Octets", 43, Integer);
    public static readonly RadiusAttribute AcctSessionId = Declare("Acct-Session-Id", 44, Text);
    public static readonly RadiusAttribute AcctAuthentic = Declare("Acct-Authentic", 45, Integer);
    public static readonly RadiusAttribute AcctSessionTime = Declare("Acct-Session-Time", 46, Integer);
    public static readonly RadiusAttribute AcctInputPackets = Declare("Acct-Input-Packets", 47, Integer);
    public static readonly RadiusAttribute AcctOutputPackets = Declare("Acct-Output-Packets", 48, Integer);
    public static readonly RadiusAttribute AcctTerminateCause = Declare("Acct-Terminate-Cause", 49, Integer);

    // RFC 2868 §3
    public static readonly RadiusAttribute TunnelType = DeclareTagged("Tunnel-Type", 64, Integer);
    public static readonly RadiusAttribute TunnelMediumType = DeclareTagged("Tunnel-Medium-Type", 65, Integer);
    public static readonly RadiusAttribute TunnelClientEndpoint = DeclareTagged("Tunnel-Client-Endpoint", 66, Text);
    public static readonly RadiusAttribute TunnelServerEndpoint = DeclareTagged("Tunnel-Server-Endpoint", 67, Text);
    public static readonly RadiusAttribute TunnelPassword = DeclareTagged("Tunnel-Password", 69, SaltEncrypted);
    public static readonly RadiusAttribute TunnelPrivateGroupId = DeclareTagged("Tunnel-Private-Group-ID", 81, Text);
    public static readonly RadiusAttribute TunnelAssignmentId = DeclareTagged("Tunnel-Assignment-ID", 82, Text);
    public static readonly RadiusAttribute TunnelPreference = DeclareTagged("Tunnel-Preference", 83, Integer);
    public static readonly RadiusAttribute TunnelClientAuthId = DeclareTagged("Tunnel-Client-Auth-ID", 90, Text);
    public static readonly RadiusAttribute TunnelServerAuthId = DeclareTagged("Tunnel-Server-Auth-ID", 91, Text);

    // RFC 2869 §5
    public static readonly RadiusAttribute AcctInputGigawords = Declare("Acct-Input-Gigawords", 52, Integer);
    public static readonly RadiusAttribute AcctOutputGigawords = Declare("Acct-Output-Gigawords", 53, Integer);
    public static readonly RadiusAttribute EventTimestamp = Declare("Event-Timestamp", 55, Integer);
    public static readonly RadiusAttribute EapMessage = Declare("EAP-Message", 79, Octets);
    public static readonly RadiusAttribute MessageAuthenticator = Declare("Message-Authenticator", 80, Octets);
    public static readonly RadiusAttribute AcctInterimInterval = Declare("Acct-Interim-Interval", 85, Integer);
    public static readonly RadiusAttribute NasPortId = Declare("NAS-Port-Id", 87, Text);
    public static readonly RadiusAttribute FramedPool = Declare("Framed-Pool", 88, Text);

    // RFC 3162 §2, RFC 4818 §3
    public static readonly RadiusAttribute NasIpv6Address = Declare("NAS-IPv6-Address", 95, RadiusValueKind.Ipv6Address);
    public static readonly RadiusAttribute FramedInterfaceId = Declare("Framed-Interface-Id", 96, InterfaceId);
    public static readonly RadiusAttribute FramedIpv6Prefix = Declare("Framed-IPv6-Prefix", 97, RadiusValueKind.Ipv6Prefix);
    public static readonly RadiusAttribute FramedIpv6Route = Declare("Framed-IPv6-Route", 99, Text);
    public static readonly RadiusAttribute FramedIpv6Pool = Declare("Framed-IPv6-Pool", 100, Text);
    public static readonly RadiusAttribute ErrorCause = Declare("Error-Cause", 101, Integer);
    public static readonly RadiusAttribute DelegatedIpv6Prefix =
        Declare("Delegated-IPv6-Prefix", 123, RadiusValueKind.Ipv6Prefix);

    // RFC 2548 §2
    public static readonly RadiusAttribute MsChapResponse = Declare("MS-CHAP-Response", Microsoft, 1, Octets);
    public static readonly RadiusAttribute MsChapError = Declare("MS-CHAP-Error", Microsoft, 2, Octets);
    public static readonly RadiusAttribute MsChapNtEncryptedPassword = Declare("MS-CHAP-NT-Enc-PW", Microsoft, 6, Octets);
    public static readonly RadiusAttribute MsMppeEncryptionPolicy =
        Declare("MS-MPPE-Encryption-Policy", Microsoft, 7, Integer);
    public static readonly RadiusAttribute MsMppeEncryptionTypes =
        Declare("MS-MPPE-Encryption-Types", Microsoft, 8, Integer);
    public static readonly RadiusAttribute MsChapDomain = Declare("MS-CHAP-Domain", Microsoft, 10, Octets);
    public static readonly RadiusAttribute MsChapChallenge = Declare("MS-CHAP-Challenge", Microsoft, 11, Octets);
    public static readonly RadiusAttribute MsChapMppeKeys = Declare("MS-CHAP-MPPE-Keys", Microsoft, 12, Octets);
    public static readonly RadiusAttribute MsMppeSendKey = Declare("MS-MPPE-Send-Key", Microsoft, 16, SaltEncrypted);
    public static readonly RadiusAttribute MsMppeReceiveKey = Declare("MS-MPPE-Recv-Key", Microsoft, 17, SaltEncrypted);
    public static readonly RadiusAttribute MsChap2Response = Declare("MS-CHAP2-Response", Microsoft, 25, Octets);
    public static readonly RadiusAttribute MsChap2Success = Declare("MS-CHAP2-Success", Microsoft, 26, Octets);
    public static readonly RadiusAttribute MsChap2ChangedPassword = Declare("MS-CHAP2-CPW", Microsoft, 27, Octets);
    public static readonly RadiusAttribute MsPrimaryDnsServer = Declare("MS-Primary-DNS-Server", Microsoft, 28, Address);
    public static readonly RadiusAttribute MsSecondaryDnsServer =
        Declare("MS-Secondary-DNS-Server", Microsoft, 29, Address);
    public static readonly RadiusAttribute MsPrimaryNbnsServer =
        Declare("MS-Primary-NBNS-Server", Microsoft, 30, Address);
    public static readonly RadiusAttribute MsSecondaryNbnsServer =
        Declare("MS-Secondary-NBNS-Server", Microsoft, 31, Address);

    public static readonly RadiusAttribute MikrotikReceiveLimit = Declare("Mikrotik-Recv-Limit", Mikrotik, 1, Integer);
    public static readonly RadiusAttribute MikrotikTransmitLimit = Declare("Mikrotik-Xmit-Limit", Mikrotik, 2, Integer);
    public static readonly RadiusAttribute MikrotikGroup = Declare("Mikrotik-Group", Mikrotik, 3, Text);
    public static readonly RadiusAttribute MikrotikRateLimit = Declare("Mikrotik-Rate-Limit", Mikrotik, 8, Text);
    public static readonly RadiusAttribute MikrotikRealm = Declare("Mikrotik-Realm", Mikrotik, 9, Text);
    public static readonly RadiusAttribute MikrotikReceiveLimitGigawords =
        Declare("Mikrotik-Recv-Limit-Gigawords", Mikrotik, 14, Integer);
    public static readonly RadiusAttribute MikrotikTransmitLimitGigawords =
        Declare("Mikrotik-Xmit-Limit-Gigawords", Mikrotik, 15, Integer);
    public static readonly RadiusAttribute MikrotikTotalLimit = Declare("Mikrotik-Total-Limit", Mikrotik, 17, Integer);
    public static readonly RadiusAttribute MikrotikTotalLimitGigawords =
        Declare("Mikrotik-Total-Limit-Gigawords", Mikrotik, 18, Integer);
    public static readonly RadiusAttribute MikrotikAddressList = Declare("Mikrotik-Address-List", Mikrotik, 19, Text);
    public static readonly RadiusAttribute MikrotikDelegatedIpv6Pool =
        Declare("Mikrotik-Delegated-IPv6-Pool", Mikrotik, 22, Text);

    public static readonly RadiusAttribute AscendDataRate = Declare("Ascend-Data-Rate", Ascend, 197, Integer);
    public static readonly RadiusAttribute AscendTransmitRate = Declare("Ascend-Xmit-Rate", Ascend, 255, Integer);

    public static readonly RadiusAttribute WisprMinimumUp = Declare("WISPr-Bandwidth-Min-Up", Wispr, 5, Integer);
    public static readonly RadiusAttribute WisprMinimumDown = Declare("WISPr-Bandwidth-Min-Down", Wispr, 6, Integer);
    public static readonly RadiusAttribute WisprMaximumUp = Declare("WISPr-Bandwidth-Max-Up", Wispr, 7, Integer);
    public static readonly RadiusAttribute WisprMaximumDown = Declare("WISPr-Bandwidth-Max-Down", Wispr, 8, Integer);

    private static readonly FrozenDictionary<(uint Vendor, byte Type), RadiusAttribute> ByNumber =
        Declared.ToFrozenDictionary();

    /// <summary>The definition of a number; null: it is not known here.</summary>
    public static RadiusAttribute? Find(uint vendor, byte type) => ByNumber.GetValueOrDefault((vendor, type));

    private static RadiusAttribute Declare(string name, byte type, RadiusValueKind kind) => Declare(name, 0, type, kind);

    private static RadiusAttribute Declare(string name, uint vendor, byte type, RadiusValueKind kind) =>
        Add(new RadiusAttribute(name, vendor, type, kind));

    private static RadiusAttribute DeclareTagged(string name, byte type, RadiusValueKind kind) =>
        Add(new RadiusAttribute(name, 0, type, kind, IsTagged: true));

    private static RadiusAttribute Add(RadiusAttribute attribute)
    {
        Declared.Add((attribute.Vendor, attribute.Type), attribute);
        return attribute;
    }
}

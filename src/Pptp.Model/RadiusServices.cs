namespace Pptp.Model;

/// <summary>Who asks a RADIUS server, as RouterOS names them. This server asks for <see cref="Ppp"/> alone.</summary>
[Flags]
public enum RadiusServices
{
    None = 0,
    Ppp = 1,
    Login = 2,
    Hotspot = 4,
    Wireless = 8,
    Dhcp = 16,
    Ipsec = 32,
    Dot1x = 64,
}

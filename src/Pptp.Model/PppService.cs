namespace Pptp.Model;

/// <summary>The services a secret may be for. This daemon serves <see cref="Any"/> and <see cref="Pptp"/>.</summary>
public enum PppService
{
    Any,
    Async,
    Pptp,
    Pppoe,
    L2tp,
    Ovpn,
    Sstp,
}

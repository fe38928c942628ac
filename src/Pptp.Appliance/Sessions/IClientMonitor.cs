using Pptp.Appliance.Interfaces;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Sessions;

/// <summary>Hears how a tunnel that was dialled is getting on. Called by the tunnel's actor.</summary>
internal interface IClientMonitor
{
    void OnAuthenticated();

    /// <param name="encoding">RouterOS' name.</param>
    void OnEncoding(string encoding);

    /// <summary>The server would not encrypt, and the profile lets the tunnel go on.</summary>
    void OnInClear(string why);

    /// <summary>The tunnel carries IP.</summary>
    void OnConnected(NetworkParameters network);

    /// <summary>The tunnel carries IPv6 too; null: no more.</summary>
    void OnIpv6(Ipv6InterfaceSettings? settings);

    /// <summary>The end has begun.</summary>
    void OnTerminating(string reason);
}

/// <summary>How a tunnel that was dialled has ended.</summary>
/// <param name="Reason">For the log and the status.</param>
/// <param name="Uptime">How long it carried IP; null: it never did.</param>
/// <param name="IsIntended">It ended by its own rule, session-timeout or idle-timeout, and by no fault.</param>
internal sealed record ClientTunnelEnd(string Reason, TimeSpan? Uptime, bool IsIntended);

using Pptp.Appliance.Sessions;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>Acct-Terminate-Cause (RFC 2866 §5.10).</summary>
internal static class TerminateCause
{
    /// <summary>The session was cut off when an earlier run ended without a word.</summary>
    public const uint NasReboot = 11;

    public static uint Of(DisconnectReason reason) => reason switch
    {
        DisconnectReason.PeerRequest => 1,
        DisconnectReason.HungUp => 2,
        DisconnectReason.IdleTimeout => 4,
        DisconnectReason.SessionTimeout => 5,
        DisconnectReason.Reset => 6,
        DisconnectReason.Reboot => 7,
        DisconnectReason.PortError => 8,
        DisconnectReason.NasError => 9,
        _ => 10,
    };
}

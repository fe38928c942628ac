namespace Pptp.Model;

/// <summary>What becomes of a login while no RADIUS server answers.</summary>
public enum RadiusFallback
{
    Reject,

    /// <summary>Who logged in not long ago may log in again as then, where the login method allows to check it.</summary>
    Cached,
}

namespace Pptp.Model;

/// <summary>Whether a user may have more than one session.</summary>
public enum OnlyOne
{
    /// <summary>Inherit from the server's default profile; there it means no.</summary>
    Default,

    /// <summary>Any number of sessions.</summary>
    No,

    /// <summary>A second login is refused.</summary>
    Yes,

    /// <summary>A second login ends the first session. Ours, RouterOS lacks it.</summary>
    Replace,
}

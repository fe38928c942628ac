namespace Pptp.Protocol.Ppp;

/// <summary>RouterOS' use-ipv6.</summary>
public enum Ipv6Policy
{
    /// <summary>IPv6CP is answered with a Protocol-Reject.</summary>
    No,

    /// <summary>IPv6 is asked for; a peer that refuses it comes up without.</summary>
    Yes,

    /// <summary>A link without IPv6 is ended.</summary>
    Required,
}

namespace Pptp.Model;

/// <summary>RouterOS' <c>default | no | yes | required</c> of a profile.</summary>
public enum Negotiation
{
    /// <summary>Inherit from the server's default profile; there it means no.</summary>
    Default,

    /// <summary>Refuse it.</summary>
    No,

    /// <summary>Offer it; a peer that refuses may stay.</summary>
    Yes,

    /// <summary>Offer it; a peer that refuses is disconnected.</summary>
    Required,
}

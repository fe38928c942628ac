namespace Pptp.Protocol.Ppp;

/// <summary>RouterOS' use-encryption.</summary>
public enum EncryptionPolicy
{
    /// <summary>CCP is answered with a Protocol-Reject.</summary>
    No,

    /// <summary>MPPE is asked for; a peer that refuses it comes up in the clear.</summary>
    Yes,

    /// <summary>A link without MPPE is ended.</summary>
    Required,
}

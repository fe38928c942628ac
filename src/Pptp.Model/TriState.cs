namespace Pptp.Model;

/// <summary>RouterOS' <c>default | no | yes</c> of a profile.</summary>
public enum TriState
{
    /// <summary>Inherit from the server's default profile; there it means no.</summary>
    Default,
    No,
    Yes,
}

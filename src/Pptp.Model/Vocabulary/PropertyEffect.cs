namespace Pptp.Model.Vocabulary;

/// <summary>Whether setting a property changes what the daemon does.</summary>
public enum PropertyEffect
{
    Now,

    /// <summary>Kept for the operator to read; nothing is to follow from it.</summary>
    Note,

    /// <summary>Accepted and kept; this version does nothing with it.</summary>
    Later,

    /// <summary>Accepted and kept, so that a RouterOS configuration fits; it has no meaning here.</summary>
    None,
}

namespace Pptp.Model.Vocabulary;

/// <summary>Whose word a property is.</summary>
public enum PropertyOrigin
{
    /// <summary>RouterOS has it under this name.</summary>
    RouterOs,

    /// <summary>Ours; RouterOS lacks it.</summary>
    Ours,
}

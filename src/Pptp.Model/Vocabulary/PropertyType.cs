namespace Pptp.Model.Vocabulary;

/// <summary>The type of a property: what texts it takes, and how they are said.</summary>
public abstract class PropertyType
{
    /// <summary>What it takes, to follow "must be": <c>an integer from 512 to 1500</c>.</summary>
    public abstract string Expectation { get; }

    /// <summary>The words it takes, for completion; empty when it takes more than words.</summary>
    public virtual IReadOnlyList<string> Words => [];
}

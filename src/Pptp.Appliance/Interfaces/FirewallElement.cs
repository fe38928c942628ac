namespace Pptp.Appliance.Interfaces;

/// <summary>A member of a set or map of our table.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Key">As nft writes it.</param>
/// <param name="Verdict">What a map has for the key; null: it is a set.</param>
internal readonly record struct FirewallElement(string Set, string Key, string? Verdict = null)
{
    public override string ToString() => Verdict is null ? Key : $"{Key} : {Verdict}";
}

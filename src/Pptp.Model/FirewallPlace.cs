namespace Pptp.Model;

/// <summary>What in a configuration a part of the firewall comes from.</summary>
/// <param name="Table">The table: <c>firewall-chain</c> or <c>ppp-profile</c>.</param>
/// <param name="Row">The row's name.</param>
/// <param name="Property">The property.</param>
/// <param name="Item">Which member of its list, from 0; null: all of it.</param>
public sealed record FirewallPlace(string Table, string Row, string Property, int? Item = null)
{
    /// <summary><c>firewall-chain guests, rules 2</c>.</summary>
    public override string ToString() =>
        Item is { } item ? $"{Table} {Row}, {Property} {item + 1}" : $"{Table} {Row}, {Property}";
}

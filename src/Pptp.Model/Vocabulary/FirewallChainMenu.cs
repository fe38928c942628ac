using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary>The chains of <c>/ip firewall filter</c>, whose rules are written as nftables has them. Ours.</summary>
internal static class FirewallChainMenu
{
    internal static MenuDefinition<FirewallChain> Declare() =>
        new MenuBuilder<FirewallChain>(
            "/ip firewall filter", "firewall-chain", MenuKind.Table, new() { Name = "" },
            "Firewall rules for sessions, of nftables.")
        .Add("name", FirewallNameType.Chain, r => r.Name, (r, v) => r with { Name = v },
            "What profiles and other rules call the chain; input, forward and output see every packet of the host.",
            origin: PropertyOrigin.Ours, required: true)
        .Add("rules", new FirewallRulesType(), r => r.Rules, (r, v) => r with { Rules = v },
            "The rules in order, in nft's language; @NAME is an address-list or interface-list.",
            origin: PropertyOrigin.Ours)
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note, PropertyOrigin.Ours)
        .Build();
}

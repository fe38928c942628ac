using Pptp.Appliance.Interfaces;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Diagnosis;

/// <summary>Asks nftables what it has against the chains and lists of a configuration. Changes nothing.</summary>
public static class FirewallCheck
{
    public static IReadOnlyList<FirewallComplaint> Run(PptpConfiguration configuration)
    {
        FirewallRuleset ruleset = FirewallRuleset.Of(configuration);
        if (ruleset.IsEmpty)
            return [];
        using Nftables? nftables = Nftables.TryOpen(out string? whyNot);
        return nftables is null
            ?
            [
                new FirewallComplaint(
                    ruleset.FirstPlace, $"cannot be checked by nftables here: {whyNot}", ConfigurationSeverity.Warning),
            ]
            :
            [
                // nft stumbles on over what follows a mistake.
                .. nftables.Run(ruleset.Commands, isTrial: true)
                    .Select(error => Complain(ruleset, error))
                    .DistinctBy(complaint => complaint.Place),
            ];
    }

    private static FirewallComplaint Complain(FirewallRuleset ruleset, NftablesError error)
    {
        (FirewallPlace? place, string message) = ruleset.Explain(error);
        return new FirewallComplaint(place ?? ruleset.FirstPlace, $"nftables says: {message}", ConfigurationSeverity.Error);
    }
}

using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Filters that lead to no chain, and lists whose names nftables could not tell apart.</summary>
internal static class FirewallChecks
{
    private const string AddressList = "address-list";
    private const string InterfaceList = "interface-list";

    internal static void Check(LoadedConfiguration loaded)
    {
        HashSet<string> chains = [.. loaded.Chains.Select(row => row.Value.Name)];
        Dictionary<string, LoadedRow<PppProfile>> interfaceLists = [];
        foreach (LoadedRow<PppProfile> row in loaded.Profiles)
        {
            CheckFilter(row, "incoming-filter", row.Value.IncomingFilter, chains);
            CheckFilter(row, "outgoing-filter", row.Value.OutgoingFilter, chains);
            if (row.Value.InterfaceList is { } list)
            {
                interfaceLists.TryAdd(list, row);
            }
        }

        foreach (LoadedRow<PppProfile> row in loaded.Profiles)
        {
            // Both are sets of one table.
            if (row.Value.AddressList.FirstOrDefault(interfaceLists.ContainsKey) is { } twice)
            {
                row.Error(AddressList, $"{TomlText.Quote(twice)} is the {InterfaceList} of the profile at "
                    + $"{interfaceLists[twice].Describe()}: nftables needs two names");
            }
        }
    }

    /// <summary>Puts what nftables says to where it was written.</summary>
    internal static void Report(LoadedConfiguration loaded, IReadOnlyList<FirewallComplaint> complaints)
    {
        foreach (FirewallComplaint complaint in complaints)
        {
            FirewallPlace place = complaint.Place;
            if (place.Table == Menus.FirewallChain.Table)
            {
                Report(loaded.Chains.First(row => row.Value.Name == place.Row), complaint);
            }
            else
            {
                Report(loaded.Profiles.First(row => row.Value.Name == place.Row), complaint);
            }
        }
    }

    private static void Report<TRow>(LoadedRow<TRow> row, FirewallComplaint complaint) => row.Report(
        complaint.Place.Property, complaint.Place.Item, complaint.Message, complaint.Severity);

    private static void CheckFilter(
        LoadedRow<PppProfile> row, string property, string? name, HashSet<string> chains)
    {
        if (name is null)
        {
            return;
        }

        if (FirewallChain.IsBuiltIn(name))
        {
            row.Error(property, $"{name} is the chain of every packet of the host; a filter takes another");
        }
        else if (!chains.Contains(name))
        {
            row.Error(property, UnknownName.Describe("firewall chain", name, chains));
        }
    }
}

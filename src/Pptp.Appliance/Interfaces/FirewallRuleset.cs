using System.Text;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// What a configuration makes of our table: the sets, the chains and their rules. What sessions add to it are members
/// of the sets alone.
/// </summary>
/// <remarks>
/// Packets from clients and packets to clients have base chains of their own, before those that tables have by custom:
/// what one filter accepts has still to pass the other client's filter and the host's own tables. Interfaces are known
/// by name, which is there before they are.
/// </remarks>
internal sealed class FirewallRuleset
{
    /// <summary>Takes the table away, whether or not it is there.</summary>
    public const string DeleteCommands = $"add table {Table}; delete table {Table}";

    private const string Table = $"inet {Ownership.FirewallTable}";
    private const string Incoming = "pptpd-incoming";
    private const string Outgoing = "pptpd-outgoing";

    /// <summary>A list's IPv6 has a set of its own: nftables keeps one kind of address in each.</summary>
    private const string Ipv6Suffix = "-ipv6";

    /// <summary>All on one line: in it libnftables tells where an error is.</summary>
    private readonly StringBuilder _text = new();
    private readonly List<(int Octet, FirewallPlace? Place)> _places = [];
    private readonly HashSet<string> _chains = [];
    private readonly HashSet<string> _lists = [];
    private int _octets;

    private FirewallRuleset()
    {
    }

    /// <summary>What is there before any configuration is.</summary>
    public static FirewallRuleset None { get; } = new();

    /// <summary>There is nothing to filter and no list to keep.</summary>
    public bool IsEmpty => _chains.Count == 0 && _lists.Count == 0;

    /// <summary>Makes the table anew, without any session.</summary>
    public string Commands => _text.ToString();

    /// <summary>Something in the configuration that wants the table.</summary>
    public FirewallPlace FirstPlace => _places.First(place => place.Place is not null).Place!;

    public static FirewallRuleset Of(PptpConfiguration configuration)
    {
        FirewallRuleset ruleset = new();
        ruleset.Add(configuration);
        return ruleset;
    }

    /// <summary>Why an entry cannot be made in this table; null: it can.</summary>
    public string? WhyNot(FirewallEntry entry)
    {
        FirewallMembership membership = entry.Membership;
        IEnumerable<string?> chains = [membership.IncomingFilter, membership.OutgoingFilter];
        IEnumerable<string?> lists = [.. membership.AddressLists, membership.InterfaceList];
        return chains.FirstOrDefault(name => name is not null && !_chains.Contains(name)) is { } chain
                ? $"there is no firewall chain {chain} any more"
            : lists.FirstOrDefault(name => name is not null && !_lists.Contains(name)) is { } list
                ? $"there is no firewall list {list} any more"
            : null;
    }

    /// <summary>Whether an entry has a filter that is not in this table: what it should hold off is not known.</summary>
    public bool LacksFilterOf(FirewallEntry entry) =>
        entry.Membership is var membership
        && (membership.IncomingFilter is { } incoming && !_chains.Contains(incoming)
            || membership.OutgoingFilter is { } outgoing && !_chains.Contains(outgoing));

    /// <summary>The members an entry has in this table's sets.</summary>
    public IEnumerable<FirewallElement> ElementsOf(FirewallEntry entry)
    {
        FirewallMembership membership = entry.Membership;
        string name = $"\"{entry.InterfaceName}\"";
        if (membership.IncomingFilter is { } incoming)
            yield return new FirewallElement(Incoming, name, VerdictOf(incoming));
        if (membership.OutgoingFilter is { } outgoing)
            yield return new FirewallElement(Outgoing, name, VerdictOf(outgoing));
        if (membership.InterfaceList is { } list && _lists.Contains(list))
            yield return new FirewallElement(list, name);
        foreach (string addressList in membership.AddressLists.Distinct().Where(_lists.Contains))
        {
            if (entry.Address is { } address)
                yield return new FirewallElement(addressList, $"{address}");
            if (entry.Prefix is { } prefix)
                yield return new FirewallElement($"{addressList}{Ipv6Suffix}", $"{prefix}");
        }
    }

    /// <summary>Takes members out of the sets and puts others in.</summary>
    public static string Change(IEnumerable<FirewallElement> without, IEnumerable<FirewallElement> with)
    {
        IEnumerable<string> deletions = without.GroupBy(element => element.Set).Select(
            set => $"delete element {Table} {set.Key} {{ {string.Join(", ", set.Select(element => element.Key))} }}");
        IEnumerable<string> additions = with.GroupBy(element => element.Set).Select(
            set => $"add element {Table} {set.Key} {{ {string.Join(", ", set)} }}");
        return string.Join("; ", deletions.Concat(additions));
    }

    /// <summary>What in the configuration an error comes from, and what is said of it.</summary>
    public (FirewallPlace? Place, string Message) Explain(NftablesError error)
    {
        if (error.Start < 0 || error.Start >= _octets)
            return (null, error.Message);
        string there = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Commands), error.Start, error.Length);
        return (_places.Last(place => place.Octet <= error.Start).Place, $"{error.Message}: {LogText.Escape(there)}");
    }

    private string VerdictOf(string chain) => _chains.Contains(chain) ? $"jump {chain}" : "drop";

    private void Add(PptpConfiguration configuration)
    {
        foreach (FirewallChain chain in configuration.FirewallChains)
            _chains.Add(chain.Name);
        Add(null, $"{DeleteCommands}; add table {Table}");
        foreach (PppProfile profile in configuration.Profiles)
        {
            for (int i = 0; i < profile.AddressList.Count; i++)
            {
                string name = profile.AddressList[i];
                FirewallPlace place = new(Menus.PppProfile.Table, profile.Name, "address-list", i);
                if (!_lists.Add(name))
                    continue;
                Add(place, $"add set {Table} {name} {{ type ipv4_addr; }}");
                Add(place, $"add set {Table} {name}{Ipv6Suffix} {{ type ipv6_addr; flags interval; }}");
            }
            if (profile.InterfaceList is { } list && _lists.Add(list))
            {
                Add(new FirewallPlace(Menus.PppProfile.Table, profile.Name, "interface-list"),
                    $"add set {Table} {list} {{ type ifname; }}");
            }
        }
        foreach (FirewallChain chain in configuration.FirewallChains)
        {
            string hook = FirewallChain.IsBuiltIn(chain.Name)
                ? $" {{ type filter hook {chain.Name} priority filter - 8; }}"
                : "";
            Add(new FirewallPlace(Menus.FirewallChain.Table, chain.Name, "name"), $"add chain {Table} {chain.Name}{hook}");
        }
        // Rules may jump to chains that stand below.
        foreach (FirewallChain chain in configuration.FirewallChains)
        {
            for (int i = 0; i < chain.Rules.Count; i++)
            {
                Add(new FirewallPlace(Menus.FirewallChain.Table, chain.Name, "rules", i),
                    $"add rule {Table} {chain.Name} {chain.Rules[i]}");
            }
        }
        AddDispatch(Incoming, "iifname", "filter - 10", "input", "forward");
        AddDispatch(Outgoing, "oifname", "filter - 9", "forward", "output");
    }

    /// <summary>Sends the packets of a session to the chain it has in a map.</summary>
    private void AddDispatch(string map, string key, string priority, params ReadOnlySpan<string> hooks)
    {
        Add(null, $"add map {Table} {map} {{ type ifname : verdict; }}");
        foreach (string hook in hooks)
        {
            string chain = $"{map}-{hook}";
            Add(null, $"add chain {Table} {chain} {{ type filter hook {hook} priority {priority}; }}");
            Add(null, $"add rule {Table} {chain} {key} vmap @{map}");
        }
    }

    private void Add(FirewallPlace? place, string command)
    {
        if (_octets > 0)
        {
            _text.Append("; ");
            _octets += 2;
        }
        _places.Add((_octets, place));
        _text.Append(command);
        _octets += Encoding.UTF8.GetByteCount(command);
    }
}

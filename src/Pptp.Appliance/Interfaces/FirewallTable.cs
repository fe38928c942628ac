using Microsoft.Extensions.Logging;
using Pptp.Linux;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Our nftables table as it is in the kernel: a ruleset, and the members that entries have in its sets. What several
/// entries share is there until the last of them leaves. One caller at a time.
/// </summary>
/// <param name="nftables">Takes the commands.</param>
/// <param name="logger">For what goes wrong.</param>
internal sealed partial class FirewallTable(INftables nftables, ILogger logger)
{
    private readonly HashSet<FirewallEntry> _entries = [];

    /// <summary>How many entries want each member.</summary>
    private Dictionary<FirewallElement, int> _wanted = [];

    /// <summary>What the kernel has, unless somebody else has changed it.</summary>
    private HashSet<FirewallElement> _present = [];
    private HashSet<FirewallElement> _touched = [];
    private FirewallRuleset _ruleset = FirewallRuleset.None;

    /// <summary>Puts another ruleset in the place of the one that is there; the entries stay.</summary>
    /// <returns>Why not, if anything, and then nothing has changed.</returns>
    public IReadOnlyList<NftablesError> Replace(FirewallRuleset ruleset)
    {
        Dictionary<FirewallElement, int> wanted = [];
        foreach (FirewallElement element in _entries.SelectMany(ruleset.ElementsOf))
            wanted[element] = wanted.GetValueOrDefault(element) + 1;
        HashSet<FirewallElement> elements = [.. wanted.Keys];
        // A session whose filter is gone needs the table where nobody else does.
        string commands = elements.Count == 0
            ? (ruleset.IsEmpty ? FirewallRuleset.DeleteCommands : ruleset.Commands)
            : $"{ruleset.Commands}; {FirewallRuleset.Change([], elements)}";
        IReadOnlyList<NftablesError> errors = nftables.Run(commands);
        if (errors.Count > 0)
            return errors;
        _ruleset = ruleset;
        _wanted = wanted;
        _present = elements;
        _touched = [];
        return [];
    }

    public void Delete()
    {
        if (nftables.Run(FirewallRuleset.DeleteCommands) is { Count: > 0 } errors)
            Log.Broken(logger, errors[0].Message);
    }

    /// <summary>Names of the interfaces whose filter is not in the ruleset: all of their packets are dropped.</summary>
    public IReadOnlyList<string> Unfiltered() =>
        [.. _entries.Where(_ruleset.LacksFilterOf).Select(entry => entry.InterfaceName).Distinct()];

    /// <summary>Lets entries in and out, all at once.</summary>
    /// <returns>For each that comes, in order, why it did not; null: it is there.</returns>
    public IReadOnlyList<string?> Change(
        IReadOnlyList<FirewallEntry> coming, IReadOnlyCollection<FirewallEntry> leaving)
    {
        string?[] failures = new string?[coming.Count];
        for (int i = 0; i < coming.Count; i++)
        {
            failures[i] = _ruleset.WhyNot(coming[i]);
            if (failures[i] is null)
                Add(coming[i]);
        }
        foreach (FirewallEntry entry in leaving)
            Remove(entry);
        IReadOnlyList<NftablesError> errors = Update();
        if (errors.Count > 0)
            Recover(coming, failures, errors);
        return failures;
    }

    /// <summary>Puts entries in the place of others, all at once.</summary>
    /// <returns>Why not, and then nothing has changed; null: it is done.</returns>
    public string? Swap(IReadOnlyList<FirewallEntry> leaving, IReadOnlyList<FirewallEntry> coming)
    {
        if (coming.Select(_ruleset.WhyNot).FirstOrDefault(why => why is not null) is { } whyNot)
            return whyNot;
        Exchange(leaving, coming);
        if (Update() is not { Count: > 0 } errors)
            return null;
        if (Replace(_ruleset).Count == 0)
        {
            Log.MadeAnew(logger, errors[0].Message);
            return null;
        }
        Exchange(coming, leaving);
        if (Replace(_ruleset) is { Count: > 0 } again)
            Log.Broken(logger, again[0].Message);
        return errors[0].Message;
    }

    /// <summary>
    /// Somebody has changed the table, or one of those who come cannot be let in: the table is made anew without them,
    /// then they come one by one.
    /// </summary>
    private void Recover(
        IReadOnlyList<FirewallEntry> coming, string?[] failures, IReadOnlyList<NftablesError> before)
    {
        List<int> those = [.. Enumerable.Range(0, coming.Count).Where(i => failures[i] is null && _entries.Contains(coming[i]))];
        foreach (int i in those)
            Remove(coming[i]);
        IReadOnlyList<NftablesError> errors = Replace(_ruleset);
        if (errors.Count > 0)
        {
            Log.Broken(logger, errors[0].Message);
            foreach (int i in those)
                failures[i] = errors[0].Message;
            return;
        }
        Log.MadeAnew(logger, before[0].Message);
        foreach (int i in those)
        {
            Add(coming[i]);
            errors = Update();
            if (errors.Count == 0)
                continue;
            failures[i] = errors[0].Message;
            Remove(coming[i]);
            _touched = [];
        }
    }

    private void Exchange(IReadOnlyList<FirewallEntry> leaving, IReadOnlyList<FirewallEntry> coming)
    {
        foreach (FirewallEntry entry in coming)
            Add(entry);
        foreach (FirewallEntry entry in leaving)
            Remove(entry);
    }

    private void Add(FirewallEntry entry)
    {
        if (_entries.Add(entry))
            Count(entry, 1);
    }

    private void Remove(FirewallEntry entry)
    {
        if (_entries.Remove(entry))
            Count(entry, -1);
    }

    private void Count(FirewallEntry entry, int by)
    {
        foreach (FirewallElement element in _ruleset.ElementsOf(entry))
        {
            int count = _wanted.GetValueOrDefault(element) + by;
            if (count > 0)
                _wanted[element] = count;
            else
                _wanted.Remove(element);
            _touched.Add(element);
        }
    }

    private IReadOnlyList<NftablesError> Update()
    {
        List<FirewallElement> without = [.. _touched.Where(element => _present.Contains(element) && !_wanted.ContainsKey(element))];
        List<FirewallElement> with = [.. _touched.Where(element => !_present.Contains(element) && _wanted.ContainsKey(element))];
        if (without.Count + with.Count > 0 && nftables.Run(FirewallRuleset.Change(without, with)) is { Count: > 0 } errors)
            return errors;
        _touched = [];
        _present.ExceptWith(without);
        _present.UnionWith(with);
        return [];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "the firewall's table was not as pptpd had left it and was made anew: {Why}")]
        public static partial void MadeAnew(ILogger logger, string why);

        [LoggerMessage(LogLevel.Error, "the firewall's table cannot be changed: {Why}")]
        public static partial void Broken(ILogger logger, string why);
    }
}

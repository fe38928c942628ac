using System.Text.RegularExpressions;
using Pptp.Linux;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>A kernel that keeps the members of sets, and says no as the real one does.</summary>
internal sealed partial class FakeNftables : INftables
{
    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _open = new(true);
    private readonly List<string> _runs = [];
    private SortedSet<string>? _members;

    /// <summary>Runs with these words in them fail.</summary>
    public string? Poison { get; set; }

    public IReadOnlyList<string> Runs
    {
        get
        {
            lock (_lock)
                return _runs.ToList();
        }
    }

    /// <summary>"set key", or "map key : verdict"; null: there is no table.</summary>
    public IReadOnlyList<string>? Members
    {
        get
        {
            lock (_lock)
                return _members?.ToList();
        }
    }

    public IReadOnlyList<NftablesError> Run(string commands, bool isTrial = false)
    {
        lock (_lock)
            _runs.Add(commands);
        _open.Wait();
        lock (_lock)
        {
            if (Poison is { } poison && commands.Contains(poison, StringComparison.Ordinal))
                return [new NftablesError("poisoned", commands.IndexOf(poison, StringComparison.Ordinal), poison.Length)];
            SortedSet<string>? members = _members is null ? null : [.. _members];
            foreach (string command in commands.Split("; "))
            {
                if (command == "delete table inet pptpd-filter")
                    members = null;
                else if (command == "add table inet pptpd-filter")
                    members ??= [];
                else if (Element().Match(command) is { Success: true } match && !Change(members, match))
                    return [new NftablesError("Could not process rule: No such file or directory")];
            }
            _members = members;
            return [];
        }
    }

    /// <summary>Somebody else's flush ruleset.</summary>
    public void Flush()
    {
        lock (_lock)
            _members = null;
    }

    public void Hold() => _open.Reset();

    public void LetGo() => _open.Set();

    public void Dispose() => _open.Dispose();

    private static bool Change(SortedSet<string>? members, Match match)
    {
        string set = match.Groups["set"].Value;
        foreach (string element in match.Groups["elements"].Value.Split(", "))
        {
            string key = $"{set} {element}";
            bool isDone = match.Groups["verb"].Value == "add"
                ? members?.Any(member => member.StartsWith($"{key.Split(" : ")[0]} :", StringComparison.Ordinal)) == false
                    && members.Add(key)
                : members?.RemoveWhere(member => member.Split(" : ")[0] == key) > 0;
            if (!isDone)
                return false;
        }
        return true;
    }

    [GeneratedRegex("^(?<verb>add|delete) element inet pptpd-filter (?<set>[^ ]+) { (?<elements>.*) }$")]
    private static partial Regex Element();
}

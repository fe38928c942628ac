using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/ipv6 pool</c>.</summary>
internal static class Ipv6PoolMenu
{
    internal static MenuDefinition<Ipv6Pool> Declare() =>
        new MenuBuilder<Ipv6Pool>(
            "/ipv6 pool", "ipv6-pool", MenuKind.Table, new() { Name = "" }, "IPv6 prefixes that are lent to clients.")
        .Add("name", PropertyTypes.Name, r => r.Name, (r, v) => r with { Name = v },
            "What profiles call the pool of prefixes.", required: true)
        .Add("prefix", PropertyTypes.Ipv6Prefix, r => r.Prefix, (r, v) => r with { Prefix = v },
            "What the prefixes are taken from.", required: true)
        .Add("prefix-length", new IntegerType(1, Ipv6Prefix.LongestLength),
            r => r.PrefixLength, (r, v) => r with { PrefixLength = v },
            "The length of each client's prefix; clients make themselves an address in one of 64.",
            required: true)
        .Add("from-pool", PropertyTypes.NameOrNone, r => r.FromPool, (r, v) => r with { FromPool = v },
            "The pool the prefix itself is acquired from.", PropertyEffect.None)
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note)
        .AddReadOnly("actual-prefix", PropertyTypes.Ipv6Prefix, "What the prefixes are taken from by now.")
        .AddReadOnly("valid-lifetime", PropertyTypes.TimeOrNone, "How long an acquired prefix may be used.")
        .AddReadOnly("preferred-lifetime", PropertyTypes.TimeOrNone, "How long an acquired prefix is preferred.")
        .Build();
}

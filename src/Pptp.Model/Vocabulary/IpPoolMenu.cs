using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/ip pool</c>.</summary>
internal static class IpPoolMenu
{
    private static readonly IntegerType Count = new(0, int.MaxValue);

    internal static MenuDefinition<IpPool> Declare() =>
        new MenuBuilder<IpPool>(
            "/ip pool", "ip-pool", MenuKind.Table, new() { Name = "" }, "Addresses that are lent to clients.")
        .Add("name", PropertyTypes.Name, r => r.Name, (r, v) => r with { Name = v },
            "What profiles and secrets call the pool.", required: true)
        .Add("ranges", new ListType<Ipv4Range>(new RangeType(), "address ranges", atLeastOne: true),
            r => r.Ranges, (r, v) => r with { Ranges = v },
            "The addresses: from-to, single ones, or a network, whose own and broadcast address are left out.",
            required: true)
        .Add("next-pool", PropertyTypes.NameOrNone, r => r.NextPool, (r, v) => r with { NextPool = v },
            "The pool to go on with when this one is exhausted.")
        .Add("masquerade", PropertyTypes.YesNo, r => r.Masquerade, (r, v) => r with { Masquerade = v },
            "Whether clients with an address of the pool reach the world through the host's own (nftables).",
            origin: PropertyOrigin.Ours)
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note)
        .AddReadOnly("total", Count, "How many addresses it has.")
        .AddReadOnly("used", Count, "How many are lent.")
        .AddReadOnly("available", Count, "How many are free.")
        .Build();
}

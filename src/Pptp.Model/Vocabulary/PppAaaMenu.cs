using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/ppp aaa</c>.</summary>
internal static class PppAaaMenu
{
    internal const string UseRadiusName = "use-radius";

    private static readonly WordType<AccountingInput> Input =
        new(("from-client", AccountingInput.FromClient), ("to-client", AccountingInput.ToClient));

    private static readonly WordType<RadiusFallback> Fallback =
        new(("reject", RadiusFallback.Reject), ("cached", RadiusFallback.Cached));

    internal static MenuDefinition<PppAaaSettings> Declare() =>
        new MenuBuilder<PppAaaSettings>(
            "/ppp aaa", "ppp-aaa", MenuKind.Singleton, new(), "What the RADIUS servers are asked and told.")
        .Add(UseRadiusName, PropertyTypes.YesNo, r => r.UseRadius, (r, v) => r with { UseRadius = v },
            "Whether they are asked for users who have no secret here.")
        .Add("accounting", PropertyTypes.YesNo, r => r.Accounting, (r, v) => r with { Accounting = v },
            "Whether they are told when sessions begin and end, and what they sent.")
        .Add("interim-update", new TimeType(TimeSpan.Zero, maximum: TimeSpan.FromDays(7)),
            r => r.InterimUpdate, (r, v) => r with { InterimUpdate = v },
            "The time between two reports of a session; 0 is none, if the server does not want them.")
        .Add("interim-jitter", new IntegerType(0, 50), r => r.InterimJitter, (r, v) => r with { InterimJitter = v },
            "By how many percent that time varies, so that not all sessions report at once.",
            origin: PropertyOrigin.Ours)
        .Add("use-circuit-id-in-nas-port-id", PropertyTypes.YesNo,
            r => r.UseCircuitIdInNasPortId, (r, v) => r with { UseCircuitIdInNasPortId = v },
            "Whether NAS-Port-Id tells the circuit of PPPoE.", PropertyEffect.None)
        .Add("enable-ipv6-accounting", PropertyTypes.YesNo,
            r => r.EnableIpv6Accounting, (r, v) => r with { EnableIpv6Accounting = v },
            "Whether reports tell the client's IPv6 prefix too.")
        .Add("accounting-input", Input, r => r.AccountingInput, (r, v) => r with { AccountingInput = v },
            "What input is in reports: what comes from the client (RFC 2866), or what goes to it.",
            origin: PropertyOrigin.Ours)
        .Add("radius-fallback", Fallback, r => r.RadiusFallback, (r, v) => r with { RadiusFallback = v },
            "While no server answers: reject all, or let in who logged in by PAP not long ago (cached).",
            origin: PropertyOrigin.Ours)
        .Add("radius-fallback-time", new TimeType(TimeSpan.FromSeconds(1)),
            r => r.RadiusFallbackTime, (r, v) => r with { RadiusFallbackTime = v },
            "How long ago that may be.",
            origin: PropertyOrigin.Ours)
        .Build();
}

using System.Net;
using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/radius incoming</c>.</summary>
internal static class RadiusIncomingMenu
{
    private static readonly IntegerType Count = new(0, int.MaxValue);

    internal static MenuDefinition<RadiusIncomingSettings> Declare() =>
        new MenuBuilder<RadiusIncomingSettings>(
            "/radius incoming", "radius-incoming", MenuKind.Singleton, new(),
            "Disconnects and changes of sessions that RADIUS servers ask for (RFC 5176).")
        .Add("accept", PropertyTypes.YesNo, r => r.Accept, (r, v) => r with { Accept = v },
            "Whether such requests are taken; else there is no socket for them.")
        .Add("port", PropertyTypes.Port, r => r.Port, (r, v) => r with { Port = v },
            "The UDP port they come to; older RouterOS has 1700.")
        .Add("vrf", PropertyTypes.Name, r => r.Vrf, (r, v) => r with { Vrf = v },
            "The VRF they come through.", PropertyEffect.None)
        .Add("sources", new ListType<IPNetwork>(new SourceType(), "addresses or networks"),
            r => r.Sources, (r, v) => r with { Sources = v },
            "Who may send them; if nobody is named, whoever has a [[radius]] row, whose secret counts in any case.",
            PropertyEffect.Now, PropertyOrigin.Ours)
        .Add(RadiusMenu.SecretName, new PasswordType(), r => r.Secret, (r, v) => r with { Secret = v },
            "The secret of those sources that have no [[radius]] row, or { file = \"path\" } of a file that holds it.",
            PropertyEffect.Now, PropertyOrigin.Ours, sensitive: true)
        .Add("require-message-auth", PropertyTypes.YesNo,
            r => r.RequireMessageAuth, (r, v) => r with { RequireMessageAuth = v },
            "Whether a request without Message-Authenticator is dropped; a wrong one always is.",
            PropertyEffect.Now, PropertyOrigin.Ours)
        .Add("event-timestamp-window", new OptionalValueType<TimeSpan>(
                new TimeType(TimeSpan.FromSeconds(1), maximum: TimeSpan.FromDays(1)), "none"),
            r => r.EventTimestampWindow, (r, v) => r with { EventTimestampWindow = v },
            "How far a request's Event-Timestamp, where it has one, may be from our clock.",
            PropertyEffect.Now, PropertyOrigin.Ours)
        .AddReadOnly("requests", Count, "How many requests came.")
        .AddReadOnly("bad-requests", Count, "How many were malformed or from nobody we know.")
        .AddReadOnly("acks", Count, "How many were done.")
        .AddReadOnly("naks", Count, "How many could not be done.")
        .Build();
}

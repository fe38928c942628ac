using System.Net;
using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/interface pptp-server server</c>.</summary>
internal static class PptpServerMenu
{
    private static readonly IntegerType Limit = new(0, 1_000_000);

    internal static MenuDefinition<PptpServerSettings> Declare() =>
        new MenuBuilder<PptpServerSettings>(
            "/interface pptp-server server", "pptp-server", MenuKind.Singleton, new(),
            "The PPTP server that clients dial in to.")
        .Add("enabled", PropertyTypes.YesNo, r => r.Enabled, (r, v) => r with { Enabled = v },
            "Whether clients may dial in.")
        .Add("max-mtu", PropertyTypes.PacketSize, r => r.MaxMtu, (r, v) => r with { MaxMtu = v },
            "The largest packet sent into a tunnel, in bytes.")
        .Add("max-mru", PropertyTypes.PacketSize, r => r.MaxMru, (r, v) => r with { MaxMru = v },
            "The largest packet a client is asked to send, in bytes.")
        .Add("mrru", PropertyTypes.Mrru, r => r.Mrru, (r, v) => r with { Mrru = v },
            "The largest packet put together from fragments (multilink), in bytes.")
        .Add("authentication", LoginMethodTypes.Server,
            r => r.Authentication, (r, v) => r with { Authentication = v },
            "The methods by which a client may log in, the strongest first. All but mschap2 are weak; pap sends the "
                + "password in clear.")
        .Add("keepalive-timeout", PropertyTypes.Keepalive,
            r => r.KeepaliveTimeout, (r, v) => r with { KeepaliveTimeout = v },
            "The silence after which a client is asked five times, a second apart, whether it is still there.")
        .Add("default-profile", PropertyTypes.Name, r => r.DefaultProfile, (r, v) => r with { DefaultProfile = v },
            "The profile that decides where a secret and its own profile say nothing.")
        .Add("listen", new ListType<IPEndPoint>(
                new EndpointType(PptpServerSettings.DefaultPort), "addresses with ports", atLeastOne: true),
            r => r.Listen, (r, v) => r with { Listen = v },
            "The addresses and ports that take control connections.", origin: PropertyOrigin.Ours)
        .Add("max-sessions", Limit, r => r.MaxSessions, (r, v) => r with { MaxSessions = v },
            "The largest number of sessions; 0 is no limit.", origin: PropertyOrigin.Ours)
        .Add("max-starting", Limit, r => r.MaxStarting, (r, v) => r with { MaxStarting = v },
            "The largest number of tunnels that have not logged in yet, one source address a quarter of it; 0 is no limit.",
            origin: PropertyOrigin.Ours)
        .Add("login-failures", new IntegerType(0, 1000), r => r.LoginFailures, (r, v) => r with { LoginFailures = v },
            "The wrong logins that lock a user out for the address they came from; 0 is never.",
            origin: PropertyOrigin.Ours)
        .Add("login-timeout", new TimeType(TimeSpan.FromSeconds(1)),
            r => r.LoginTimeout, (r, v) => r with { LoginTimeout = v },
            "The time a client has to log in, and a control connection may be without a call.",
            origin: PropertyOrigin.Ours)
        .Add("connection-limit", new OptionalValueType<ConnectionLimit>(new ConnectionLimitType(), "none"),
            r => r.ConnectionLimit, (r, v) => r with { ConnectionLimit = v },
            "How many new control connections one source address may make in a time.", origin: PropertyOrigin.Ours)
        .Add("connection-limit-network", new OptionalValueType<ConnectionLimit>(new ConnectionLimitType(), "none"),
            r => r.ConnectionLimitNetwork, (r, v) => r with { ConnectionLimitNetwork = v },
            "The same for all source addresses of one IPv4 /24 or IPv6 /64 together.", origin: PropertyOrigin.Ours)
        .Build();
}

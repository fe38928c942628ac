using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/system</c>: identity, and what is ours alone.</summary>
internal static class SystemMenu
{
    private static readonly WordType<GreSocketKind> GreSockets = new(
        ("raw", GreSocketKind.Raw),
        ("packet", GreSocketKind.Packet));

    private static readonly WordType<LogVerbosity> Verbosity = new(
        ("packet", LogVerbosity.Packet),
        ("debug", LogVerbosity.Debug),
        ("info", LogVerbosity.Info),
        ("warning", LogVerbosity.Warning),
        ("error", LogVerbosity.Error));

    internal static MenuDefinition<SystemSettings> Declare() =>
        new MenuBuilder<SystemSettings>(
            "/system", "system", MenuKind.Singleton, new(), "The server's name, and what concerns the daemon alone.")
        .Add("identity", PropertyTypes.Name, r => r.Identity, (r, v) => r with { Identity = v },
            "What the server calls itself to its peers.")
        .Add("state-folder", PropertyTypes.Path, r => r.StateFolder, (r, v) => r with { StateFolder = v },
            "Where leases and last-seen times are kept.", origin: PropertyOrigin.Ours)
        .Add("resolv-conf", PropertyTypes.Path, r => r.ResolvConf, (r, v) => r with { ResolvConf = v },
            "The file of the host's name servers, which use-peer-dns of a client changes.",
            origin: PropertyOrigin.Ours)
        .Add("log-file", PropertyTypes.OptionalPath, r => r.LogFile, (r, v) => r with { LogFile = v },
            "A file that gets the log besides the console.", origin: PropertyOrigin.Ours)
        .Add("log-level", Verbosity, r => r.LogLevel, (r, v) => r with { LogLevel = v },
            "The least severe line that is logged.", origin: PropertyOrigin.Ours)
        .Add("apply-to-sessions", PropertyTypes.YesNo,
            r => r.ApplyToSessions, (r, v) => r with { ApplyToSessions = v },
            "Whether a user who is removed or disabled loses his sessions at once, and a new rate-limit holds for live ones.",
            origin: PropertyOrigin.Ours)
        .Add("hook-privileges", PropertyTypes.YesNo, r => r.HookPrivileges, (r, v) => r with { HookPrivileges = v },
            "Whether the programs of on-up and on-down may change the network as the daemon may; else they have no capability.",
            origin: PropertyOrigin.Ours)
        .Add("own-namespace", PropertyTypes.YesNo, r => r.OwnNamespace, (r, v) => r with { OwnNamespace = v },
            "The network namespace is the daemon's alone: it lets packets pass there, IPv6 where a profile has it.",
            origin: PropertyOrigin.Ours)
        .Add("gre-socket", GreSockets, r => r.GreSocket, (r, v) => r with { GreSocket = v },
            "How GRE comes and goes: raw, or packet, which may be faster on many cores but passes by the host's firewall. From the start on.",
            origin: PropertyOrigin.Ours)
        .Build();
}

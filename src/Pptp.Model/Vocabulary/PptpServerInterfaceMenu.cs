using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/interface pptp-server</c>, its static entries.</summary>
internal static class PptpServerInterfaceMenu
{
    internal static MenuDefinition<PptpServerInterface> Declare() =>
        new MenuBuilder<PptpServerInterface>(
            "/interface pptp-server", "pptp-server-interface", MenuKind.Table, new() { Name = "" },
            "Interfaces that are always there, for rules that name them; without carrier while the user is away.")
        .Add("name", PropertyTypes.InterfaceName, r => r.Name, (r, v) => r with { Name = v },
            "What the interface is called.", required: true)
        .Add("user", PropertyTypes.Name, r => r.User, (r, v) => r with { User = v },
            "The user whose session takes it; further sessions of the user get interfaces of their own.",
            required: true)
        .Add("disabled", PropertyTypes.YesNo, r => r.Disabled, (r, v) => r with { Disabled = v },
            "Whether the interface is taken away.")
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note)
        .AddReadOnly("mtu", PropertyTypes.OptionalText, "The largest packet sent into the tunnel, in bytes.")
        .AddReadOnly("mru", PropertyTypes.OptionalText, "The largest packet the client sends, in bytes.")
        .AddReadOnly("client-address", PropertyTypes.OptionalText, "Where the client calls from.")
        .AddReadOnly("uptime", PropertyTypes.OptionalText, "How long the session has been up.")
        .AddReadOnly("encoding", PropertyTypes.OptionalText, "How the tunnel is encrypted.")
        .Build();
}

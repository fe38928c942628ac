using System.Net;
using Pptp.Model.Types;

namespace Pptp.Model.Vocabulary;

/// <summary><c>/interface pptp-client</c>.</summary>
internal static class PptpClientMenu
{
    private static readonly WordType<UsePeerDns> PeerDns = new(
        ("no", UsePeerDns.No), ("yes", UsePeerDns.Yes), ("exclusively", UsePeerDns.Exclusively));

    internal static MenuDefinition<PptpClient> Declare() =>
        AddRest(AddWayIn(new MenuBuilder<PptpClient>(
            "/interface pptp-client", "pptp-client", MenuKind.Table, new() { Name = "" },
            "Tunnels that we dial, each an interface that is there while its row is enabled.")
        .WithoutProperty(PppSecretMenu.NtHashName, "is for secrets alone: who dials must know the password itself")
        .Add("name", PropertyTypes.InterfaceName, r => r.Name, (r, v) => r with { Name = v },
            "What the tunnel's interface is called.", required: true)
        .Add("max-mtu", PropertyTypes.PacketSize, r => r.MaxMtu, (r, v) => r with { MaxMtu = v },
            "The largest packet sent into the tunnel, in bytes.")
        .Add("max-mru", PropertyTypes.PacketSize, r => r.MaxMru, (r, v) => r with { MaxMru = v },
            "The largest packet the server is asked to send, in bytes.")
        .Add("mrru", PropertyTypes.Mrru, r => r.Mrru, (r, v) => r with { Mrru = v },
            "The largest packet put together from fragments (multilink), in bytes.")))
        .Build();

    private static MenuBuilder<PptpClient> AddWayIn(MenuBuilder<PptpClient> menu) => menu
        .Add("connect-to", new HostType(), r => r.ConnectTo, (r, v) => r with { ConnectTo = v },
            "The server's address, or its DNS name, which is asked for anew at each attempt.", required: true)
        .Add("user", PropertyTypes.Name, r => r.User, (r, v) => r with { User = v },
            "The user name we log in with.", required: true)
        .Add(PppSecretMenu.PasswordName, new PasswordType(), r => r.Password, (r, v) => r with { Password = v },
            "The password, or { file = \"path\" } of a file that holds it.", sensitive: true)
        .Add("profile", PropertyTypes.Name, r => r.Profile, (r, v) => r with { Profile = v },
            "The profile whose encryption and timeouts the tunnel has.")
        .Add("keepalive-timeout", PropertyTypes.Keepalive,
            r => r.KeepaliveTimeout, (r, v) => r with { KeepaliveTimeout = v },
            "The silence after which the server is asked five times, a second apart, whether it is still there.");

    private static MenuBuilder<PptpClient> AddRest(MenuBuilder<PptpClient> menu) => menu
        .Add("add-default-route", PropertyTypes.YesNo,
            r => r.AddDefaultRoute, (r, v) => r with { AddDefaultRoute = v },
            "Whether all that has no better way goes through the tunnel.")
        .Add("default-route-distance", new IntegerType(0, 255),
            r => r.DefaultRouteDistance, (r, v) => r with { DefaultRouteDistance = v },
            "The metric of that default route; the lowest of the host's default routes is the one in use.")
        .Add("use-peer-dns", PeerDns, r => r.UsePeerDns, (r, v) => r with { UsePeerDns = v },
            "Whether the host asks the name servers the server tells us: before its own, or exclusively.")
        .Add("dial-on-demand", PropertyTypes.YesNo, r => r.DialOnDemand, (r, v) => r with { DialOnDemand = v },
            "Whether the server is dialled only when a packet wants to go there.")
        .Add("allow", LoginMethodTypes.Client, r => r.Allow, (r, v) => r with { Allow = v },
            "The methods by which we log in, if the server asks for one of them.")
        .Add("src-address", new OptionalType<IPAddress>(new AddressType()),
            r => r.SrcAddress, (r, v) => r with { SrcAddress = v },
            "The address of ours that the tunnel leaves from.", origin: PropertyOrigin.Ours)
        .Add("disabled", PropertyTypes.YesNo, r => r.Disabled, (r, v) => r with { Disabled = v },
            "Whether the tunnel is left alone; false dials.")
        .Add("comment", PropertyTypes.Lines, r => r.Comment, (r, v) => r with { Comment = v },
            "A note of the operator.", PropertyEffect.Note)
        .AddReadOnly("running", PropertyTypes.YesNo, "Whether the tunnel carries packets.");
}

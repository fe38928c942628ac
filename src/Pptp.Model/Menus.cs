using Pptp.Model.Vocabulary;

namespace Pptp.Model;

/// <summary>Every menu there is, each declared once.</summary>
public static class Menus
{
    public static MenuDefinition<SystemSettings> System { get; } = SystemMenu.Declare();

    public static MenuDefinition<PptpServerSettings> PptpServer { get; } = PptpServerMenu.Declare();

    public static MenuDefinition<IpPool> IpPool { get; } = IpPoolMenu.Declare();

    public static MenuDefinition<Ipv6Pool> Ipv6Pool { get; } = Ipv6PoolMenu.Declare();

    public static MenuDefinition<FirewallChain> FirewallChain { get; } = FirewallChainMenu.Declare();

    public static MenuDefinition<PppProfile> PppProfile { get; } = PppProfileMenu.Declare();

    public static MenuDefinition<PppSecret> PppSecret { get; } = PppSecretMenu.Declare();

    public static MenuDefinition<PppAaaSettings> PppAaa { get; } = PppAaaMenu.Declare();

    public static MenuDefinition<RadiusServer> Radius { get; } = RadiusMenu.Declare();

    public static MenuDefinition<RadiusIncomingSettings> RadiusIncoming { get; } = RadiusIncomingMenu.Declare();

    public static MenuDefinition<PptpServerInterface> PptpServerInterface { get; } = PptpServerInterfaceMenu.Declare();

    public static MenuDefinition<PptpClient> PptpClient { get; } = PptpClientMenu.Declare();

    /// <summary>In the order a configuration reads best: what is referred to comes first.</summary>
    public static IReadOnlyList<MenuDefinition> All { get; } =
    [
        System, PptpServer, IpPool, Ipv6Pool, FirewallChain, PppProfile, PppSecret, PppAaa, Radius, RadiusIncoming,
        PptpServerInterface, PptpClient,
    ];

    /// <summary>Tables of the configuration's contract that later versions take.</summary>
    public static IReadOnlyList<string> Planned { get; } = ["user", "ip-service"];
}

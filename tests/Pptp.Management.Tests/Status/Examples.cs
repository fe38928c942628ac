using System.Net;
using Pptp.Appliance;
using Pptp.Management.Status;
using Pptp.Model;

namespace Pptp.Management.Tests.Status;

/// <summary>The examples of RouterOS' manual page on PPTP, as configuration and as what the appliance tells.</summary>
internal static class Examples
{
    public const string Password = "StrongPass";

    public static PptpClient Client { get; } = new()
    {
        Name = "pptp-out1",
        ConnectTo = "192.168.62.2",
        User = "MT-User",
        Password = SecretValue.FromPassword(Password),
        Disabled = false,
    };

    public static PptpClientStatus ClientUp { get; } = new()
    {
        Name = "pptp-out1",
        Status = "connected",
        Running = true,
        Uptime = TimeSpan.FromMinutes(44) + TimeSpan.FromSeconds(8.7),
        Encoding = "MPPE128 stateless",
        Mtu = 1450,
        Mru = 1440,
        LocalAddress = IPAddress.Parse("10.0.0.5"),
        RemoteAddress = IPAddress.Parse("10.0.0.1"),
    };

    public static PptpSessionStatus Session { get; } = new()
    {
        Name = "<pptp-MT-User>",
        Interface = "pptp-MT-User",
        IsDynamic = true,
        User = "MT-User",
        Mtu = 1450,
        Mru = 1440,
        ClientAddress = IPAddress.Parse("192.168.51.3"),
        Uptime = TimeSpan.FromMinutes(44) + TimeSpan.FromSeconds(8),
        Encoding = "MPPE128 stateless",
        LocalAddress = IPAddress.Parse("10.0.0.1"),
        RemoteAddress = IPAddress.Parse("10.0.0.5"),
    };

    public static StatusDocument Of(
        PptpConfiguration configuration,
        IReadOnlyList<PptpClientStatus>? clients = null,
        IReadOnlyList<PptpSessionStatus>? sessions = null) =>
        StatusDocument.Of(new StatusSnapshot(configuration, clients ?? [], sessions ?? [], TimeSpan.Zero));

    public static StatusSnapshot Look(params IReadOnlyList<PptpSessionStatus> sessions) =>
        new(new(), [], sessions, TimeSpan.Zero);
}

using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>Our client at Debian's pptpd, whose pppd has IPv6 or has it not.</summary>
internal sealed class Ipv6ClientTests : ClientFixture
{
    private const string Carries = "carries IPv6 to ";

    private static readonly string[] LoginOptions =
        ["refuse-pap", "refuse-chap", "refuse-mschap", "require-mschap-v2", "require-mppe-128"];

    [Test]
    public void It_pings_the_link_local_address_of_a_server_with_IPv6()
    {
        Peer.Start([.. LoginOptions, "+ipv6"]);
        Dial(new ClientSettings { ProfileExtra = "use-ipv6 = \"required\"" });
        MustConnect();
        string line = Server.Log.WaitFor(Said(Carries), SoonInVm).Text;
        string address = line[(line.IndexOf(Carries, StringComparison.Ordinal) + Carries.Length)..];

        // The kernel takes its time until an address that it was just given is one.
        string target = $"{address}%{ClientSettings.Interface}";
        Assert.That(
            Wait.Until(() => Lab.InNamespace("ping", "-n", "-c", "1", "-W", "1", target).ExitCode == 0, SoonInVm),
            Is.Not.Null, Server.Report());

        Ping ping = Ping.FromServer(target, 50, 1400 - 48).MustLoseNone(Server);

        Figures.Print("our client, IPv6 ping of 1352 bytes", $"{address}: {ping}");
        PingThrough(20, 64);
    }

    [Test]
    public void A_server_without_IPv6_carries_IPv4_alone()
    {
        Peer.Start([.. LoginOptions, "noipv6"]);
        Dial(new ClientSettings { ProfileExtra = "use-ipv6 = \"yes\"" });
        MustConnect();
        Server.Log.WaitFor(Said("carries no IPv6 - the peer rejects IPv6CP"), SoonInVm);
        PingThrough(20, 64);
    }
}

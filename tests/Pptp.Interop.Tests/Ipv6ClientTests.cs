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

        Ping ping = Ping.FromServer($"{address}%{ClientSettings.Interface}", 50, 1400 - 48).MustLoseNone(Server);

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

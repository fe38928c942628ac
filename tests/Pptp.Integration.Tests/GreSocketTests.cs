using Pptp.Testing;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>GRE by packet sockets: the daemons on both sides have them.</summary>
internal sealed class GreSocketTests : ClientFixture
{
    private const string PacketSetting = "gre-socket = \"packet\"";

    protected override ServerConfiguration Configuration => base.Configuration with { SystemExtra = PacketSetting };

    [Test]
    [EffectOf("system", "gre-socket")]
    public async Task Packet_sockets_carry_a_tunnel_both_ways()
    {
        Assert.That(PacketSockets(ServerNetwork), Is.Positive, "the server has them");
        StartClient($"{PacketSetting}\n{Entry()}", $"{Out}: connected");
        Assert.That(PacketSockets(ClientNetwork), Is.Positive);
        for (int i = 0; i < 20; i++)
            Assert.That(await CarriesAsync(), Is.True);
    }

    [Test]
    [EffectOf("system", "gre-socket")]
    public async Task A_change_waits_for_the_next_start_and_says_so()
    {
        Connect(Entry());
        Assert.That(PacketSockets(ClientNetwork), Is.Zero, "raw is the default");
        int mark = Client!.Log.Mark;
        ReloadClient($"{PacketSetting}\n{Entry()}");
        WaitForLog("another gre-socket waits until pptpd is started again", mark);
        Assert.That(await CarriesAsync(), Is.True);
        Assert.That(PacketSockets(ClientNetwork), Is.Zero);
    }

    /// <summary>Lines of the kernel's list but the first, which names the columns.</summary>
    private static int PacketSockets(NetworkNamespace network) =>
        network.Invoke(() => File.ReadAllLines("/proc/thread-self/net/packet").Length) - 1;
}

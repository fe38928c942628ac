using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>mrru of our client at Debian's pptpd.</summary>
internal sealed class ClientMultilinkTests : ClientFixture
{
    [Test]
    public void Packets_of_1500_octets_and_TCP_pass()
    {
        Peer.Start("require-mschap-v2", "require-mppe-128", "multilink", "mrru", "1600", "mtu", "1600");
        using Capture capture = Capture.Start();
        Dial(new ClientSettings { Mrru = 1600 });
        MustConnect();

        string shown = ShownInterface();
        Ping large = PingThrough(100, 1472);
        IReadOnlyList<PppFrame> frames = capture.Stop();
        TcpStream toUs = Stream(MultilinkTests.Seconds, fromUs: false);
        TcpStream fromUs = Stream(MultilinkTests.Seconds, fromUs: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(shown, Does.Contain("mtu 1500"));
            Assert.That(frames.Count(f => f.FromServer && f.Protocol == PppFrame.Multilink), Is.GreaterThanOrEqualTo(200));
            Assert.That(frames.Count(f => !f.FromServer && f.Protocol == PppFrame.Multilink), Is.GreaterThanOrEqualTo(200));
            Assert.That(frames.Where(f => f.FromServer).Max(f => f.Information.Length), Is.EqualTo(1400), "the peer's MRU");
            Assert.That(frames.Any(f => f.Protocol == PppFrame.Ipv4), Is.False, "IP in the clear");
            Assert.That(toUs.Megabits, Is.Positive, toUs.Report);
            Assert.That(fromUs.Megabits, Is.Positive, fromUs.Report);
            Assert.That(Server.Log.With(Said("terminating...")), Is.Empty);
        }

        Figures.Print("our client with multilink, ping of 1500 octets", large.ToString());
        Figures.Print("our client with multilink, TCP to it", toUs.ToString());
        Figures.Print("our client with multilink, TCP from it", fromUs.ToString());
    }
}

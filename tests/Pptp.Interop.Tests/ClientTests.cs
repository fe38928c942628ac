using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>Our client at Debian's pptpd: the life of a tunnel that we dial, and how it comes back.</summary>
internal sealed class ClientTests : ClientFixture
{
    private const int Many = 10;

    [Test]
    public void It_logs_in_the_words_of_RouterOS_and_carries_TCP_for_half_a_minute_each_way()
    {
        Peer.Start();
        Dial(new ClientSettings());
        MustConnect();

        string shown = ShownInterface();
        Ping small = PingThrough(100, 64);
        Ping large = PingThrough(100, 1372);
        TcpStream toUs = Stream(30, fromUs: false);
        TcpStream fromUs = Stream(30, fromUs: true);

        string[] told =
        [
            "initializing...", "connecting...", "authenticated", "using encoding - MPPE128 stateless", "connected",
        ];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Server.Log.With(Said("")).Select(line => line.Text.Split(Said(""))[1]).Order(),
                Is.EqualTo(told.Order()));
            Assert.That(shown, Does.Contain("mtu 1400"), "the peer's MRU");
            Assert.That(shown, Does.Contain($"peer {Peer.Gateway}/32"));
            // No more than that it flows: pptpd loses what comes while the VM has other things to do.
            Assert.That(toUs.Megabits, Is.Positive, toUs.Report);
            Assert.That(fromUs.Megabits, Is.Positive, fromUs.Report);
            Assert.That(Server.Log.With(Said("terminating...")), Is.Empty);
        }

        Figures.Print("our client, ping of 64 bytes", small.ToString());
        Figures.Print("our client, ping of 1372 bytes", large.ToString());
        Figures.Print("our client, TCP to it", toUs.ToString());
        Figures.Print("our client, TCP from it", fromUs.ToString());
    }

    [Test]
    public void A_link_that_is_lost_is_missed_by_keepalive_and_dialled_again_until_it_is_back()
    {
        Peer.Start();
        Dial(new ClientSettings { Keepalive = 2 });
        MustConnect();

        Peer.Cut(true);
        string reason = MustEnd();
        Server.Log.WaitFor(Said("connecting..."), SoonInVm, count: 2);
        Peer.Cut(false);
        MustConnect(times: 2);

        Assert.That(reason, Is.EqualTo("peer is not responding"));
        PingThrough(20, 1300);
    }

    [Test]
    public void A_server_that_was_killed_is_dialled_until_it_is_back()
    {
        Peer.Start();
        Dial(new ClientSettings());
        MustConnect();

        Peer.Kill();
        MustEnd();
        // One attempt at once, and one that had to wait: both find nobody.
        Server.Log.WaitFor(Said("disconnected"), SoonInVm, count: 3);
        Peer.Start();
        MustConnect(times: 2);

        PingThrough(20, 1300);
    }

    [Test]
    public void A_server_that_hangs_up_is_dialled_again_at_once()
    {
        Peer.Start();
        Dial(new ClientSettings());
        MustConnect();

        Peer.HangUp();
        Assert.That(MustEnd(), Does.StartWith("hungup"));
        MustConnect(times: 2);

        PingThrough(20, 1300);
    }

    [Test]
    public void A_server_that_finds_the_password_wrong_is_asked_again()
    {
        Peer.Start();
        Dial(new ClientSettings { Password = "Pass-of-nobody-8421" });

        string reason = MustEnd();
        Server.Log.WaitFor(Said("connecting..."), SoonInVm, count: 2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reason, Does.Contain("failed to authenticate ourselves to peer"));
            Assert.That(Server.Log.With(Said("authenticated")), Is.Empty);
            Assert.That(Peer.Log, Does.Contain("E=691"));
        }
    }

    [TestCase("mschap2", false)]
    [TestCase("pap,mschap2", true)]
    public void A_method_that_is_not_allowed_is_not_answered(string allow, bool isAnswered)
    {
        Peer.Start("require-pap", "refuse-chap", "refuse-mschap", "refuse-mschap-v2", "nomppe");
        using Capture capture = Capture.Start();
        Dial(new ClientSettings { Allow = allow.Split(','), Encryption = "no" });

        if (isAnswered)
            MustConnect();
        else
            Assert.That(MustEnd(), Does.Contain("authentication"));
        IReadOnlyList<PppFrame> frames = capture.Stop();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(frames.Any(frame => frame.FromServer), Is.True, "nothing of ours was captured");
            Assert.That(
                frames.Any(frame => frame.FromServer && frame.Protocol == PppFrame.Pap), Is.EqualTo(isAnswered));
            Assert.That(capture.Contains(Peer.Password), Is.EqualTo(isAnswered));
        }
    }

    [Test]
    public void Ten_clients_have_ten_tunnels_to_one_server()
    {
        Peer.Start();
        Dial(new ClientSettings { Count = Many });
        foreach (int index in Enumerable.Range(0, Many))
            Server.Log.WaitFor($"{ClientSettings.NameOf(index)}: connected", SoonInVm);

        foreach (int index in Enumerable.Range(0, Many))
        {
            CommandResult ping = Lab.InNamespace(
                "ping", "-n", "-c", "3", "-i", "0.05", "-W", "5", "-I", ClientSettings.NameOf(index), Peer.Gateway);
            Assert.That(ping.ExitCode, Is.Zero, $"{ClientSettings.NameOf(index)}: {ping}\n{Server.Report()}");
        }

        Server.Signal("TERM");
        Assert.That(Server.WaitForExit(TimeSpan.FromSeconds(10)), Is.Zero, Server.Report());
        Assert.That(
            Wait.Until(() => Peer.CallsEndedByUs == Many, SoonInVm),
            Is.Not.Null,
            "the server was not told of the end of each");
        StartAgain();
    }
}

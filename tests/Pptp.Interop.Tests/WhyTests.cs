using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary><c>pptpd why</c> after a real client could not get in.</summary>
internal sealed class WhyTests : InteropFixture
{
    private const string Single = "single";
    private const string Poor = "poor";
    private const int KeepaliveSeconds = 3;

    /// <summary>Five small echoes and large ones, three seconds apart, on a slow machine.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(40);

    protected override ServerSettings Settings => new()
    {
        Keepalive = KeepaliveSeconds,
        Extra = "[[ip-pool]]\nname = \"tiny\"\nranges = \"10.66.0.1-10.66.0.1\"\n"
            + ServerSettings.Profile("only", "required", "only-one = \"yes\"")
            + ServerSettings.Secret(Single, "only")
            + ServerSettings.Secret(Poor, "lab", "remote-address = \"tiny\""),
    };

    [Test]
    public void A_wrong_password_and_an_unknown_user_are_told_apart()
    {
        Lab.Dial(ServerSettings.Alice, "Pass-of-somebody-else", "require-mppe-128");
        Lab.Dial("nobody", "Pass-of-somebody-else", "require-mppe-128");

        MustTell(ServerSettings.Alice, "failed, wrong password", "compare the password");
        MustTell("nobody", "failed, there is no such user", "[[ppp-secret]]");
    }

    [Test]
    public void A_client_that_refuses_the_method_or_encryption_is_told()
    {
        Dial(ServerSettings.Alice, "refuse-mschap-v2");
        MustTell(
            Lab.ClientAddress,
            "the client does none of the login methods that are allowed",
            "authentication in [pptp-server]");
        Dial(ServerSettings.Alice, "nomppe");
        MustTell(ServerSettings.Alice, "client and server did not agree on encryption", "use-encryption");
    }

    [Test]
    public void A_firewall_that_drops_GRE_is_told_before_the_client_gives_up()
    {
        DropGre();
        try
        {
            Task dial = Task.Run(() => Dial(ServerSettings.Alice));
            Server.Log.WaitFor("has trouble - the control connection is up, but no GRE", TimeSpan.FromSeconds(20));
            MustTell(Lab.ClientAddress, "BAD ", "IP protocol 47");
            MustTell(
                Lab.ClientAddress,
                "under way, the control connection is up, but no GRE comes from the client",
                "IP protocol 47");
            dial.Wait();
        }
        finally
        {
            LetGrePass();
        }
    }

    [Test]
    public void An_empty_pool_and_a_second_login_are_told()
    {
        Dial(new DialSettings { Link = "one" }, Poor).MustBeUp(Server);
        Dial(new DialSettings { Link = "two", OwnConnection = true }, Poor);
        MustTell(Poor, "failed, the address pool is used up: tiny", "[[ip-pool]]");
        Dial(new DialSettings { Link = "three", OwnConnection = true }, Single).MustBeUp(Server);
        Dial(new DialSettings { Link = "four", OwnConnection = true }, Single);
        MustTell(Single, "failed, the user is logged in already, and only-one lets nobody in twice", "pptpd disconnect");
    }

    [Test]
    public void A_wire_that_was_cut_is_told()
    {
        Dial(ServerSettings.Alice).MustBeUp(Server);
        Lab.InVm("tc qdisc add dev eth0 root netem loss 100%").MustSucceed();
        Server.Log.WaitFor("<pptp-alice>: disconnected", TimeSpan.FromSeconds(30));

        MustTell(ServerSettings.Alice, "ended, the client was connected and is not heard any more", "keepalive-timeout");
    }

    [Test]
    public void A_path_that_drops_large_packets_is_told_and_one_that_does_not_is_not()
    {
        Dial(ServerSettings.Bob).MustBeUp(Server);
        // A bucket drops what is larger than itself.
        Lab.InVm("tc qdisc add dev eth0 root tbf rate 100mbit burst 1000 latency 50ms").MustSucceed();
        Dial(new DialSettings { Link = "hole", OwnConnection = true }, ServerSettings.Alice).MustBeUp(Server);
        Server.Log.WaitFor("<pptp-alice>: 192.168.51.3 has trouble - small packets pass, large ones do not", ProbeTimeout);

        MustTell(ServerSettings.Alice, "connected, small packets pass, large ones do not", "lower max-mtu");
    }

    [Test]
    public void A_path_that_carries_large_packets_is_not_accused()
    {
        Dial(ServerSettings.Alice).MustBeUp(Server);
        Assert.Throws<TimeoutException>(() => Server.Log.WaitFor("has trouble", TimeSpan.FromSeconds(20)));
        Assert.That(Ask(ServerSettings.Alice).Output, Does.StartWith("ok  "));
    }

    // By routing rules, which every kernel here has; the local table has to step back for that.
    private static void DropGre()
    {
        Lab.InNamespace("ip", "rule", "add", "prio", "2", "lookup", "local").MustSucceed();
        Lab.InNamespace("ip", "rule", "add", "prio", "1", "iif", Lab.ServerLink, "ipproto", "47", "blackhole").MustSucceed();
        Lab.InNamespace("ip", "rule", "del", "prio", "0").MustSucceed();
    }

    private static void LetGrePass()
    {
        Lab.InNamespace("ip", "rule", "add", "prio", "0", "lookup", "local").MustSucceed();
        Lab.InNamespace("ip", "rule", "del", "prio", "1").MustSucceed();
        Lab.InNamespace("ip", "rule", "del", "prio", "2").MustSucceed();
    }

    private void MustTell(string name, string why, string hint)
    {
        CommandResult told = Ask(name);
        string[] lines = told.Output.Split('\n');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(told.ExitCode, Is.Zero, told.Output);
            Assert.That(lines[0], Does.Contain(why), told.Output);
            Assert.That(lines.ElementAtOrDefault(1), Does.Contain(hint), told.Output);
            Assert.That(told.Output, Does.Not.Contain("Pass-of-"));
        }
        Figures.Print($"why {name}", told.Output);
    }

    private CommandResult Ask(string name)
    {
        IReadOnlyList<string> command = [.. Repository.DaemonCommand(), "why", name, "--config", ConfigurationFile];
        return Command.Run(command[0], command.Skip(1));
    }
}

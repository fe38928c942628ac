using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>What <c>pptpd status</c> tells of the tunnels we dial.</summary>
internal sealed class ClientStatusTests : ClientFixture
{
    private const string Off = "pptp-out2";

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice, Bob],
        ServerExtra = "max-starting = 0",
    };

    [Test]
    public void A_tunnel_that_is_up_is_shown_with_every_field_that_RouterOS_shows()
    {
        Connect(Entry() + EntryOf(Off, Bob).Replace("disabled = false", "disabled = true", StringComparison.Ordinal));

        (int status, string output) = Ask();
        Assert.That(status, Is.Zero, output);
        Assert.That(output, Does.Match($"""
            ^/interface pptp-client
            Flags: X - disabled; R - running
            0  R name="pptp-out1" max-mtu=1450 max-mru=1450 mrru=disabled connect-to={ServerAddress} user="alice"
                 password=\*+ profile=default-encryption keepalive-timeout=60 add-default-route=no
                 default-route-distance=1 use-peer-dns=no dial-on-demand=no allow=pap,chap,mschap1,mschap2
                         status: connected
                         uptime: (\d+m)?\d+s
                       encoding: MPPE128 stateless
                            mtu: 1450
                            mru: 1450
                  local-address: {AddressesOf().Single().Local}
                 remote-address: {Gateway}
                             rx: [\d.]+k?bps
                             tx: [\d.]+k?bps
            1 X  name="pptp-out2" max-mtu=1450 max-mru=1450 mrru=disabled connect-to={ServerAddress} user="bob"
                 password=\*+ profile=default-encryption keepalive-timeout=60 add-default-route=no
                 default-route-distance=1 use-peer-dns=no dial-on-demand=no allow=pap,chap,mschap1,mschap2
                         status: disabled
            $
            """.Replace("\r", "", StringComparison.Ordinal)));
        Assert.That(Ask("--json").Output, Does.Not.Contain("Pass-of-"));
    }

    [Test]
    public void The_exit_status_tells_a_script_whether_the_tunnel_is_up()
    {
        Connect(Entry() + EntryOf(Off, Bob).Replace("disabled = false", "disabled = true", StringComparison.Ordinal));
        Assert.That(Ask(Out).Status, Is.Zero);
        Assert.That(Ask(Off).Status, Is.EqualTo(1));

        int mark = Client!.Log.Mark;
        ReloadClient(Entry().Replace("disabled = false", "disabled = true", StringComparison.Ordinal));
        WaitForLog($"{Out}: disconnected", mark);
        (int status, string output) = Ask(Out);
        Assert.That(status, Is.EqualTo(1));
        Assert.That(output, Does.Contain("status: disabled").And.Not.Contain("local-address"));
    }

    [Test]
    public void One_that_is_disconnected_is_dialled_again()
    {
        Connect(Entry());
        int mark = Client!.Log.Mark;

        Assert.That(DaemonQuery.Run(ClientFile, "disconnect", Out), Is.EqualTo((0, "1 session ends\n")));
        WaitForLog($"{Out}: terminating... - disconnected by the administrator", mark);
        WaitForLog($"{Out}: connected", mark);
    }

    [Test]
    public void One_that_dials_on_demand_waits_for_packets()
    {
        StartClient(Entry("dial-on-demand = true"), $"{Out}: waiting for packets");
        (int status, string output) = Ask(Out);

        Assert.That(status, Is.EqualTo(1));
        Assert.That(output, Does.Contain("dial-on-demand=yes").And.Contain("status: waiting for packets"));
        Assert.That(output, Does.Match(@"(?m)^0    name="), "neither disabled nor running");
    }

    [Test]
    public void Why_a_server_does_not_let_us_in_can_be_read()
    {
        // Not alice, whom a few wrong passwords would lock out for the other tests.
        string entry = EntryOf(Out, Bob).Replace("Pass-of-", "Fail-of-", StringComparison.Ordinal);
        StartClient(entry, $"{Out}: disconnected");
        // The next attempt comes after a time that grows: this falls between two soon enough.
        Assert.That(Poll.UntilAsync(TellsOfIt, Soon).Result, Is.Not.Null);

        bool TellsOfIt() => Ask(Out).Output.Contains("failed to authenticate ourselves", StringComparison.Ordinal);
    }

    private (int Status, string Output) Ask(params string[] arguments) =>
        DaemonQuery.Run(ClientFile, ["status", .. arguments]);
}

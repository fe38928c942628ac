using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

internal sealed class ReloadTests : InteropFixture
{
    [Test]
    public void A_reload_lets_a_new_user_in_and_leaves_live_sessions_alone()
    {
        Call alice = Dial(new DialSettings { Link = "alice" }, ServerSettings.Alice).MustBeUp(Server);
        Call early = Dial(new DialSettings { Link = "early" }, "u0");
        Assert.That(early.ExitCode, Is.Not.Zero, early.Log);

        WriteConfiguration(Settings with { MoreUsers = 1 });
        int mark = Server.Log.Mark;
        Server.Signal("HUP");
        Server.Log.WaitFor("PPTP Server settings changed", Soon, after: mark);

        Dial(new DialSettings { Link = "late" }, "u0").MustBeUp(Server);
        alice.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);
        Assert.That(Server.Log.Expect("<pptp-alice>: connected", 1), Has.Count.EqualTo(1));
    }

    [Test]
    public void Reloads_under_traffic_cost_no_packet()
    {
        Call alice = Dial(ServerSettings.Alice).MustBeUp(Server);
        Task<Ping> traffic = Task.Run(() => alice.Ping(ServerSettings.Gateway, 600, 1000));

        for (int reload = 1; reload <= 5; reload++)
        {
            WriteConfiguration(Settings with { MoreUsers = reload });
            int mark = Server.Log.Mark;
            Server.Signal("HUP");
            Server.Log.WaitFor("PPTP Server settings changed", Soon, after: mark);
        }

        Ping ping = traffic.Result.MustLoseNone(Server);
        Figures.Print("five reloads under traffic", ping.ToString());
    }

    [Test]
    public void A_reload_of_a_file_with_an_error_changes_nothing_and_says_where_the_error_is()
    {
        Call alice = Dial(ServerSettings.Alice).MustBeUp(Server);
        File.AppendAllText(ConfigurationFile, "\n[[ppp-secret]]\nnmae = \"oops\"\n");

        Server.Signal("HUP");

        Server.Log.WaitFor("nmae", Soon);
        alice.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);
    }
}

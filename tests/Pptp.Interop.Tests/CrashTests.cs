using System.Diagnostics;
using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

internal sealed class CrashTests : InteropFixture
{
    private const int Clients = 10;

    /// <summary>
    /// pppd dials again by itself, a second after its call has ended. It asks whether the server is still there: now and
    /// then pptp-linux does not notice that its own call manager has ended with the connection, and would wait for ever.
    /// </summary>
    private static readonly string[] Persistent =
        ["persist", "maxfail", "0", "holdoff", "1", "lcp-echo-interval", "5", "lcp-echo-failure", "3"];

    protected override ServerSettings Settings => new() { MoreUsers = Clients };

    [Test]
    public void After_a_kill_the_server_listens_within_two_seconds_and_its_clients_dial_back_in()
    {
        for (int i = 0; i < Clients; i++)
        {
            Dial(new DialSettings { Link = $"c{i}", OwnConnection = true }, $"u{i}", Persistent).MustBeUp(Server);
        }

        Assert.That(Lab.TunnelInterfaces(), Has.Count.EqualTo(Clients));
        Stopwatch clock = Stopwatch.StartNew();
        KillAndRestart();
        TimeSpan listening = Server.TimeToListen;
        Server.Log.WaitFor(": connected", TimeSpan.FromSeconds(90), count: Clients);
        TimeSpan all = clock.Elapsed;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(listening, Is.LessThan(TimeSpan.FromSeconds(Repository.IsNative ? 2 : 15)), Server.Report());
            Assert.That(
                Lab.TunnelInterfaces(),
                Is.EquivalentTo(Enumerable.Range(0, Clients).Select(i => $"pptp-u{i}")));
        }

        Figures.Print(
            $"kill -9 under {Clients} clients",
            $"listening again after {listening.TotalSeconds:0.00} s, all back after {all.TotalSeconds:0.0} s");
    }
}

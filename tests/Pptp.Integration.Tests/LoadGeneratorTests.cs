using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>The load generator, run as a program, against a server of ours.</summary>
internal sealed class LoadGeneratorTests : ServerFixture
{
    private const int Tunnels = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    protected override ServerConfiguration Configuration => new()
    {
        Users = [.. ServerConfiguration.Numbered("load", Tunnels)],
        // It forwards from tunnel to tunnel then.
        SystemExtra = "own-namespace = true",
        ServerExtra = "max-starting = 0",
    };

    [TestCase(1, "pairs")]
    [TestCase(25, "echo")]
    public void Fifty_tunnels_come_up_carry_traffic_and_go(int perConnection, string traffic)
    {
        LoadRun run = Load(
            "--count", $"{Tunnels}", "--rate", "50", "--per-connection", $"{perConnection}",
            "--hold", "2", "--traffic", traffic, "--packets", "10", "--size", "200");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, $"{run}\n{Server.Report(Mark)}");
            Assert.That(run["up"], Is.EqualTo(Tunnels));
            Assert.That(run["failed"] + run["lost while up"], Is.Zero);
            Assert.That(run["99th percentile"], Is.Positive);
            Assert.That(run["sent into the tunnels", "packets/s"], Is.GreaterThan(Tunnels));
            Assert.That(run["lost"], Is.LessThan(50), "most packets arrive, however busy the machine is");
            Assert.That(run["could not be decrypted"], Is.Zero);
            Assert.That(
                Server.Log.Expect("TCP connection established", Tunnels / perConnection, Mark),
                Has.Count.EqualTo(Tunnels / perConnection));
        }

        Server.Log.WaitFor(": disconnected", Soon, Tunnels, Mark);
        Assert.That(Server.Log.Expect("terminating... - hungup", Tunnels, Mark), Has.Count.EqualTo(Tunnels), "asked politely");
    }

    [Test]
    public void A_wrong_password_is_told_as_the_reason()
    {
        LoadRun run = Load("--count", "5", "--hold", "0", "--password", "wrong");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(run["up"], Is.Zero);
            Assert.That(run.Failures.Values, Is.EqualTo([5]), run.Output);
            Assert.That(run.Failures.Keys.First(), Does.StartWith("PPP: ").And.Contain("E=691"));
        }
    }

    [Test]
    public void A_server_that_does_not_answer_is_told_as_the_reason()
    {
        LoadRun run = Load("--count", "3", "--hold", "0", "--server", $"{ServerAddress}:1724");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(run.Failures, Is.EqualTo(new Dictionary<string, int> { ["TCP: ConnectionRefused"] = 3 }));
        }
    }

    [Test]
    public void Its_own_server_leaves_no_interface()
    {
        LoadRun run = LoadRun.Start(
            null, Limit, ["--own", "--count", "10", "--hold", "1", "--methods", "mschap1", "--per-connection", "5"]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run["up"], Is.EqualTo(10));
            Assert.That(run["last interface gone after"], Is.Not.Negative);
        }
    }

    [Test]
    public void What_it_does_not_understand_it_answers_with_its_usage()
    {
        LoadRun run = Load("--count", "none");

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output, Does.Contain("usage:"));
    }

    private LoadRun Load(params string[] arguments)
    {
        string[] usual =
        [
            "--server", $"{ServerAddress}",
            "--user", "load-{0}", "--password", ServerConfiguration.PasswordOf("load-{0}"),
        ];
        return LoadRun.Start(ClientNetwork, Limit, [.. usual, .. arguments]);
    }
}

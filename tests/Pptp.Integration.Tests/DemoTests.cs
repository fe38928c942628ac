using Pptp.Linux;
using Pptp.Testing;
using Pptp.Testing.Serving;
using static Tmds.Linux.LibC;

namespace Pptp.Integration.Tests;

/// <summary>"pptpd demo", as a newcomer runs it, and what is left when it is over.</summary>
[NonParallelizable]
internal sealed class DemoTests
{
    /// <summary>Both daemons compile their code while they start.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private string _folder = "";
    private NetworkNamespace _network = null!;
    private IReadOnlyList<int> _daemons = [];

    [SetUp]
    public void MakePlace()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
        {
            TestContext.Progress.WriteLine(reason);
            Assert.Ignore(reason);
        }

        _folder = Directory.CreateTempSubdirectory("pptpd-test-").FullName;
        _network = new NetworkNamespace();
    }

    [TearDown]
    public void RemovePlace()
    {
        // Those that a failed test has left.
        foreach (int daemon in _daemons.Where(DemoRun.Lives))
            _ = kill(daemon, SIGKILL);
        _daemons = [];
        _network?.Dispose();
        if (_folder.Length > 0)
            Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task It_shows_a_login_a_ping_and_traffic_and_leaves_nothing()
    {
        using DemoRun demo = DemoRun.Start(_network, _folder, "--seconds", "4");
        demo.Output.WaitFor("reply 1", Limit);
        _daemons = demo.Children();

        int status = demo.WaitForExit(Limit);

        string output = string.Join('\n', demo.Output.Lines().Select(line => line.Text));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status, Is.Zero, output);
            Assert.That(_daemons, Has.Count.EqualTo(2));
            Assert.That(output, Does.Contain("server | listening on 0.0.0.0:1723"));
            Assert.That(output, Does.Contain("server | MT-User logged in, 10.0.0.5 from 192.168.62.1"));
            Assert.That(output, Does.Match(@"(?m)^client \| pptp-out1: connected$"));
            Assert.That(output, Does.Match(@"(?m)^client to server +1\.\d s +[\d.]+ Mbit/s$"), "live");
            Assert.That(output, Does.Contain("== what happened"));
            Assert.That(output, Does.Match("(?m)^logged in +MT-User by mschap2, "));
            Assert.That(output, Does.Match("(?m)^encoding +MPPE128 stateless$"));
            Assert.That(output, Does.Match(@"(?m)^interface +pptp-out1, MTU \d+, 10\.0\.0\.5 to 10\.0\.0\.1$"));
            Assert.That(output, Does.Match("(?m)^ping +5 sent, 0 lost, "));
            Assert.That(output, Does.Match(@"(?m)^client to server +[\d.]+ Mbit/s, [\d.]+ MB in "));
            Assert.That(output, Does.Match(@"(?m)^server to client +[\d.]+ Mbit/s, [\d.]+ MB in "));
            Assert.That(output, Does.Match(@"(?m)^server counted +rx-packets=\d+ "));
            Assert.That(output, Does.Not.Contain("StrongPass"));
            Assert.That(output, Does.Not.Contain("warning").And.Not.Contain("Exception"));
        }

        await NothingMustBeLeftAsync();
    }

    [Test]
    public async Task One_that_is_killed_takes_its_daemons_along()
    {
        using DemoRun demo = DemoRun.Start(_network, _folder, "--seconds", "60");
        demo.Output.WaitFor("client to server", Limit);
        _daemons = demo.Children();
        Assert.That(_daemons.Count(DemoRun.Lives), Is.EqualTo(2));

        demo.Kill();

        await NothingMustBeLeftAsync();
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    public async Task One_that_is_interrupted_says_so_and_leaves_nothing(string signal)
    {
        using DemoRun demo = DemoRun.Start(_network, _folder, "--seconds", "60");
        demo.Output.WaitFor("client to server", Limit);
        _daemons = demo.Children();

        demo.Signal(signal);

        Assert.That(demo.WaitForExit(Limit), Is.EqualTo(1), demo.Output.Tail());
        Assert.That(demo.Output.With("== interrupted"), Has.Count.EqualTo(1));
        Assert.That(demo.Output.With("what happened"), Is.Empty);
        await NothingMustBeLeftAsync();
    }

    [Test]
    public async Task One_that_has_no_place_for_its_files_says_so()
    {
        using DemoRun demo = DemoRun.Start(_network, Path.Combine(_folder, "none"));

        Assert.That(demo.WaitForExit(Limit), Is.EqualTo(1), demo.Output.Tail());
        Assert.That(demo.Output.With("server | pptpd: no folder can be made in "), Has.Count.EqualTo(1));
        Assert.That(demo.Output.With("== this went wrong: the server has ended"), Has.Count.EqualTo(1));
        await NothingMustBeLeftAsync();
    }

    private async Task NothingMustBeLeftAsync()
    {
        await Poll.UntilAsync(() => !_daemons.Any(DemoRun.Lives) && Files().Length == 0, Limit);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_daemons.Where(DemoRun.Lives), Is.Empty, "processes");
            Assert.That(Files(), Is.Empty, "files");
            Assert.That(Interfaces(), Is.EqualTo(new[] { "lo" }), "interfaces");
        }
    }

    private string[] Files() => Directory.GetFileSystemEntries(_folder);

    private string[] Interfaces() => _network.Invoke(() =>
    {
        using RouteNetlink netlink = new();
        return netlink.ListLinks().Select(link => link.Name).ToArray();
    });
}

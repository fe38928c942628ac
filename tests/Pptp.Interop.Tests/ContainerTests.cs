using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>
/// The container without an engine: uid 65532, CAP_NET_ADMIN and CAP_NET_RAW alone, no new privileges, a
/// read-only root, in the tree the Dockerfile's commands make.
/// </summary>
internal sealed class ContainerTests : InteropFixture
{
    private const string TheTwoCapabilities = "0000000000003000";

    private ContainerImage _image = null!;
    private string _state = "";

    protected override ServerSettings Settings => new() { StateFolder = "/var/lib/pptpd" };

    [OneTimeSetUp]
    public void BuildImage()
    {
        _image = ContainerImage.Build();
        _state = Directory.CreateTempSubdirectory("pptpd-state-").FullName;
    }

    [OneTimeTearDown]
    public void RemoveImage()
    {
        _image?.Dispose();
        if (_state.Length > 0)
        {
            Directory.Delete(_state, recursive: true);
        }
    }

    protected override ServerProcess StartDaemon() => Daemon.Start(Contained([.. _image.EntryPoint, .. _image.Arguments]));

    [Test]
    public void A_dial_succeeds_in_a_container_with_two_capabilities_and_nothing_else()
    {
        string[] status = File.ReadAllLines($"/proc/{Server.ProcessId}/status");

        Call call = Dial(ServerSettings.Alice).MustBeUp(Server);
        call.Ping(ServerSettings.Gateway, 50, 1400).MustLoseNone(Server);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Field(status, "Uid"), Is.EqualTo("65532 65532 65532 65532"));
            Assert.That(Field(status, "Gid"), Is.EqualTo("65532 65532 65532 65532"));
            Assert.That(Field(status, "CapPrm"), Is.EqualTo(TheTwoCapabilities));
            Assert.That(Field(status, "CapEff"), Is.EqualTo(TheTwoCapabilities));
            Assert.That(Field(status, "CapBnd"), Is.EqualTo(TheTwoCapabilities));
            Assert.That(Field(status, "NoNewPrivs"), Is.EqualTo("1"));
            Assert.That(call.Encrypted, Is.True);
        }

        long bytes = new DirectoryInfo(_image.Root).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.LinkTarget is null).Sum(file => file.Length);
        Figures.Print("container", $"{bytes / 1048576.0:0.0} MiB, uid 65532, two capabilities, read-only: a dial succeeds");
    }

    [Test]
    public void The_health_check_tells_a_server_that_answers_from_none()
    {
        CommandResult alive = Lab.InNamespace([.. Contained(_image.HealthCheck)]);
        Server.Stop(Soon);
        CommandResult dead = Lab.InNamespace([.. Contained(_image.HealthCheck)]);
        StartAgain();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(alive.ExitCode, Is.Zero, alive.ToString());
            Assert.That(dead.ExitCode, Is.Not.Zero, dead.ToString());
        }
    }

    [Test]
    public void The_Dockerfile_runs_the_commands_that_are_proved_here()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                _image.DeployCommands(),
                Is.EqualTo(["deploy/publish /published", "deploy/rootfs /published /rootfs"]));
            Assert.That(_image.User, Is.EqualTo("65532:65532"));
        }
    }

    private IReadOnlyList<string> Contained(IEnumerable<string> command) =>
        _image.Contained(Path.GetDirectoryName(ConfigurationFile)!, _state, command);

    private static string Field(string[] status, string name) => string.Join(
        ' ',
        status.Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Skip(1));
}

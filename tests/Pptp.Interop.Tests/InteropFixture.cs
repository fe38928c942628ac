using NUnit.Framework.Interfaces;
using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>
/// A fresh server for each test, and at its end what holds for every one: the server stops when told, with status
/// 0; no interface is left; its log names no exception and no password.
/// </summary>
[TestFixture]
internal abstract class InteropFixture
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private string _folder = "";

    protected ServerProcess Server { get; private set; } = null!;

    protected virtual ServerSettings Settings => new();

    /// <summary>Interfaces that stand while the server runs, whoever is there.</summary>
    protected virtual IEnumerable<string> StaticInterfaces => [];

    protected string ConfigurationFile => Path.Combine(_folder, "pptpd.toml");

    protected static string InterfaceOf(string user) => $"pptp-{user}";

    [SetUp]
    public void StartServer()
    {
        _folder = Directory.CreateTempSubdirectory("pptpd-").FullName;
        Begin();
    }

    [TearDown]
    public void StopServer()
    {
        bool failed = TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed;
        try
        {
            if (failed)
            {
                TestContext.Out.WriteLine($"--- what the VM says ---\n{Lab.ClientReport()}");
            }

            Lab.Reset();
            if (Server is not null)
            {
                CheckEnd(Server);
            }
        }
        finally
        {
            if (Server is not null && failed)
            {
                TestContext.Out.WriteLine($"--- the server's whole log ---\n{Server.Log.Tail(int.MaxValue)}");
            }

            Server?.Dispose();
            Server = null!;
            End();
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>What is there when a test begins.</summary>
    protected virtual void Begin()
    {
        WriteConfiguration(Settings);
        Server = StartDaemon();
    }

    /// <summary>Ends what <see cref="Begin"/> added; the server has ended before.</summary>
    protected virtual void End()
    {
    }

    /// <summary>How the daemon is started; a test of another way of starting it overrides this.</summary>
    protected virtual ServerProcess StartDaemon() => Daemon.Start(ConfigurationFile);

    protected void WriteConfiguration(ServerSettings settings) =>
        WriteConfiguration(state => (settings with { StateFolder = settings.StateFolder ?? state }).ToToml());

    /// <param name="toToml">Makes the file's text, and is told of a folder for state-folder.</param>
    protected void WriteConfiguration(Func<string, string> toToml)
    {
        string state = Directory.CreateDirectory(Path.Combine(_folder, "state")).FullName;
        File.WriteAllText(ConfigurationFile, toToml(state));
        File.SetUnixFileMode(ConfigurationFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Ends the server at once and starts another with the same configuration.</summary>
    protected void KillAndRestart()
    {
        Server.Kill();
        StartAgain();
    }

    /// <summary>Starts another server in place of one that has ended.</summary>
    protected void StartAgain()
    {
        Server?.Dispose();
        Server = StartDaemon();
    }

    protected static Call Dial(string user, params string[] pppdOptions) =>
        Dial(new DialSettings(), user, pppdOptions);

    /// <summary>Dials with the sizes RouterOS' page shows, and MPPE-128 unless the options say otherwise.</summary>
    protected static Call Dial(DialSettings settings, string user, params string[] pppdOptions)
    {
        string[] sizes = pppdOptions.Contains("mru") ? [] : ["mtu", "1450", "mru", "1450"];
        string[] encryption = pppdOptions.Contains("nomppe") ? [] : ["require-mppe-128"];
        return Lab.Dial(settings, user, ServerSettings.PasswordOf(user), [.. sizes, .. encryption, .. pppdOptions]);
    }

    /// <summary>Waits for an interface to be gone, and fails the test if it stays.</summary>
    protected TimeSpan MustVanish(string interfaceName, TimeSpan timeout)
    {
        TimeSpan? gone = Wait.Until(() => !Lab.HasInterface(interfaceName), timeout);
        Assert.That(
            gone,
            Is.Not.Null,
            $"{interfaceName} is still there after {timeout.TotalSeconds:0.#} s\n{Server.Report()}");
        return gone!.Value;
    }

    private void CheckEnd(ServerProcess server)
    {
        TimeSpan? empty = Wait.Until(() => !Lab.TunnelInterfaces().Except(StaticInterfaces).Any(), Soon);
        IReadOnlyList<string> leftWhileRunning = Lab.TunnelInterfaces();
        bool wasRunning = server.Running;
        int? status = server.Stop(TimeSpan.FromSeconds(10));
        TimeSpan? clean = Wait.Until(() => Lab.TunnelInterfaces().Count == 0, TimeSpan.FromSeconds(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(wasRunning, Is.True, $"the server died during the test\n{server.Report()}");
            Assert.That(
                empty,
                Is.Not.Null,
                $"its clients were gone and it kept {string.Join(", ", leftWhileRunning)}\n{server.Report()}");
            Assert.That(status, Is.Zero, $"exit status after SIGTERM\n{server.Report()}");
            Assert.That(clean, Is.Not.Null, $"left behind: {string.Join(", ", Lab.TunnelInterfaces())}");
            Assert.That(server.Log.With("Exception"), Is.Empty, "the log names an exception");
            Assert.That(server.Log.With("Pass-of-"), Is.Empty, "the log names a password");
        }
    }
}

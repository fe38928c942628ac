using System.Diagnostics;
using System.Runtime.Versioning;
using Pptp.Testing.Serving;
using static Tmds.Linux.LibC;

namespace Pptp.Testing.Radius;

/// <summary>
/// Debian's FreeRADIUS with a configuration of a test's own, as its unprivileged user, in a namespace of the test. It can
/// be stopped, killed, held and started again; what it has written down stays.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class FreeRadius : IDisposable
{
    private const string Program = "/usr/sbin/freeradius";
    private const string Ready = "Ready to process requests";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("pptpd-freeradius-").FullName;
    private readonly NetworkNamespace? _network;
    private readonly IReadOnlyList<string> _before;
    private Process? _process;

    private FreeRadius(FreeRadiusSettings settings, NetworkNamespace? network, IReadOnlyList<string> before)
    {
        Settings = settings;
        _network = network;
        _before = before;
    }

    /// <summary>Why it cannot be run here; null if it can.</summary>
    public static string? WhyUnavailable { get; } =
        NetworkNamespace.WhyUnavailable
        ?? (File.Exists(Program) ? null : "not tested here: Debian's package freeradius is not installed");

    public FreeRadiusSettings Settings { get; private set; }

    /// <summary>Everything it has said since it was last started.</summary>
    public LogWatch Log { get; private set; } = new();

    public bool Running => _process is { HasExited: false };

    /// <summary>Every accounting request it took, over all its runs, repeats it recognized left out.</summary>
    public IReadOnlyList<AccountingRecord> Records
    {
        get
        {
            string path = Path.Combine(_folder, FreeRadiusConfiguration.DetailFile);
            return File.Exists(path) ? AccountingRecord.Parse(File.ReadAllText(path)) : [];
        }
    }

    /// <summary>Starts it and waits until it takes requests.</summary>
    /// <param name="settings">What it is to do.</param>
    /// <param name="network">Where it runs; null: where this thread is.</param>
    /// <exception cref="TimeoutException">It ended or was not ready in time; the message has its log.</exception>
    public static FreeRadius Start(FreeRadiusSettings settings, NetworkNamespace? network = null) =>
        Start(new FreeRadius(settings, network, []));

    /// <summary>Starts it in a namespace that has a name (<c>ip netns</c>), and waits until it takes requests.</summary>
    /// <exception cref="TimeoutException">It ended or was not ready in time; the message has its log.</exception>
    public static FreeRadius Start(FreeRadiusSettings settings, string namespaceName) =>
        Start(new FreeRadius(settings, null, ["ip", "netns", "exec", namespaceName]));

    /// <summary>Starts it again, as it was or with other settings.</summary>
    /// <exception cref="TimeoutException">It ended or was not ready in time; the message has its log.</exception>
    public void Start(FreeRadiusSettings? settings = null)
    {
        if (Running)
        {
            throw new InvalidOperationException("FreeRADIUS runs already.");
        }

        Settings = settings ?? Settings;
        FreeRadiusConfiguration.Write(_folder, Settings);
        _process?.Dispose();
        LogWatch log = new();
        Log = log;
        // Its user must be able to read and write its folder; exec keeps the process the one that is started here.
        _process = LoggedProcess.Start(
            [
                .. _before, "sh", "-c",
                "chown -R freerad:freerad \"$1\" && exec setpriv --reuid=freerad --regid=freerad --clear-groups "
                    + $"{Program} -f -l stdout -d \"$1\"",
                "sh", _folder,
            ],
            _network,
            log);
        log.WaitFor(Ready, StartTimeout);
    }

    /// <summary>Ends it as its service manager does.</summary>
    public void Stop()
    {
        Signal(SIGTERM);
        if (!_process!.WaitForExit(StopTimeout))
        {
            throw new TimeoutException($"FreeRADIUS did not stop\n{Log.Tail()}");
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        Signal(SIGKILL);
        _process!.WaitForExit();
    }

    /// <summary>Lets it hang: its sockets are there and nobody answers.</summary>
    public void Hold() => Signal(SIGSTOP);

    /// <summary>Lets it go on; it answers then what has come meanwhile.</summary>
    public void Continue() => Signal(SIGCONT);

    /// <summary>Waits until there are records as a test wants them.</summary>
    /// <exception cref="TimeoutException">They did not come; the message has those that are there.</exception>
    public async Task<IReadOnlyList<AccountingRecord>> WaitForRecordsAsync(
        Func<IReadOnlyList<AccountingRecord>, bool> enough, TimeSpan timeout)
    {
        IReadOnlyList<AccountingRecord> records = [];
        return await Poll.UntilAsync(() => enough(records = Records), timeout).ConfigureAwait(false) is not null
            ? records
            : throw new TimeoutException(
                $"FreeRADIUS has other records:\n{string.Join("\n\n", records)}\n--- its log ---\n{Log.Tail()}");
    }

    public void Dispose()
    {
        if (Running)
        {
            Kill();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static FreeRadius Start(FreeRadius radius)
    {
        try
        {
            radius.Start();
            return radius;
        }
        catch
        {
            radius.Dispose();
            throw;
        }
    }

    private void Signal(int number)
    {
        if (!Running || kill(_process!.Id, number) < 0)
        {
            throw new InvalidOperationException($"FreeRADIUS does not run\n{Log.Tail()}");
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using static Tmds.Linux.LibC;

namespace Pptp.Testing.Serving;

/// <summary>The server under test: a process of its own, its log, and signals to it.</summary>
[SupportedOSPlatform("linux")]
public sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private ServerProcess(Process process, LogWatch log)
    {
        _process = process;
        Log = log;
    }

    public LogWatch Log { get; }

    public int ProcessId => _process.Id;

    public bool Running => !_process.HasExited;

    /// <summary>From the start of the program to the line that was waited for, "listening on".</summary>
    public TimeSpan TimeToListen { get; private set; }

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKilobytes => ReadStatus("VmRSS:");

    /// <summary>The part of it that is no file's (heaps, stacks), in KiB.</summary>
    public long AnonymousKilobytes => ReadStatus("RssAnon:");

    /// <summary>What it has used of the processors so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Descriptors the process has open.</summary>
    public int OpenDescriptors => Directory.GetFileSystemEntries($"/proc/{ProcessId}/fd").Length;

    /// <summary>Lines of the log that tell of what must not be: an exception, or a fault by its own name.</summary>
    public IReadOnlyList<LogLine> Faults(int after = 0) =>
        [.. Log.Lines(after).Where(line => line.Text.Contains("Exception", StringComparison.Ordinal)
            || line.Text.Contains("by a fault", StringComparison.Ordinal)
            || line.Text.Contains("internal error", StringComparison.Ordinal))];

    /// <summary>Starts "pptpd run" with a configuration and waits until it listens.</summary>
    /// <param name="configurationFile">The pptpd.toml.</param>
    /// <param name="network">Where it runs; null: where this thread is.</param>
    /// <exception cref="TimeoutException">It ended or did not listen in time; the message has its log.</exception>
    public static ServerProcess Start(string configurationFile, NetworkNamespace? network = null) =>
        Start([.. Repository.DaemonCommand(), "run", "--config", configurationFile], network);

    /// <summary>Starts a command that ends up as the daemon, and waits until it listens.</summary>
    /// <param name="command">Program and arguments. One that goes before must hand its process over (exec).</param>
    /// <param name="network">Where it runs; null: where this thread is.</param>
    /// <param name="readyText">What its log says when it has started; a daemon that only dials does not listen.</param>
    /// <exception cref="TimeoutException">It ended or did not say so in time; the message has its log.</exception>
    public static ServerProcess Start(
        IReadOnlyList<string> command, NetworkNamespace? network = null, string readyText = "listening on")
    {
        LogWatch log = new();
        Process process = LoggedProcess.Start(command, network, log);
        ServerProcess server = new(process, log);
        try
        {
            server.TimeToListen = log.WaitFor(readyText, StartTimeout).At;
        }
        catch (TimeoutException)
        {
            server.Dispose();
            throw;
        }

        return server;
    }

    /// <summary>Sends a signal: "TERM", "HUP", "KILL", and "STOP" and "CONT", which hold it and let it go on.</summary>
    public void Signal(string name)
    {
        int number = name switch
        {
            "TERM" => SIGTERM,
            "HUP" => SIGHUP,
            "KILL" => SIGKILL,
            "STOP" => SIGSTOP,
            "CONT" => SIGCONT,
            _ => throw new ArgumentException($"no signal {name}", nameof(name)),
        };
        if (kill(ProcessId, number) < 0)
        {
            throw new InvalidOperationException($"SIG{name} did not reach the server; {Report()}");
        }
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit status, or null when the server did not end in time.</returns>
    public int? Stop(TimeSpan timeout)
    {
        if (Running)
        {
            Signal("TERM");
        }

        return WaitForExit(timeout);
    }

    /// <returns>The exit status, or null when the server did not end in time.</returns>
    public int? WaitForExit(TimeSpan timeout)
    {
        if (!_process.WaitForExit(timeout))
        {
            return null;
        }

        // Once more without a time: the end of its output has been read then.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>The end of the log, for a failure's message.</summary>
    public string Report(int after = 0) => $"--- the server's log ---\n{Log.Tail(after: after)}";

    public void Dispose()
    {
        if (Running)
        {
            Kill();
        }

        _process.Dispose();
    }

    private long ReadStatus(string key) => File.ReadLines($"/proc/{ProcessId}/status")
        .Where(line => line.StartsWith(key, StringComparison.Ordinal))
        .Select(line => long.Parse(
            line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
        .Single();
}

using System.Diagnostics;

namespace Pptp.Interop.Tests.Harness;

/// <summary>The server under test, running in the lab's namespace.</summary>
internal sealed class Daemon : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private Daemon(Process process, LogWatch log)
    {
        _process = process;
        Log = log;
    }

    public LogWatch Log { get; }

    public int ProcessId => _process.Id;

    public bool Running => !_process.HasExited;

    /// <summary>From the start of the program to "listening on".</summary>
    public TimeSpan TimeToListen { get; private set; }

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKilobytes => File.ReadLines($"/proc/{ProcessId}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]))
        .Single();

    /// <summary>Starts "pptpd run" with a configuration and waits until it listens.</summary>
    public static Daemon Start(string configurationFile) =>
        Start([.. Repository.DaemonCommand(), "run", "--config", configurationFile]);

    /// <summary>Starts a command in the namespace that ends up as the daemon, and waits until it listens.</summary>
    public static Daemon Start(IEnumerable<string> command)
    {
        ProcessStartInfo start = new("ip")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (IEnumerable<string>)["netns", "exec", Lab.Namespace, .. command])
        {
            start.ArgumentList.Add(argument);
        }

        LogWatch log = new();
        Process process = new() { StartInfo = start };
        int open = 2;
        process.OutputDataReceived += (_, line) => Receive(line.Data);
        process.ErrorDataReceived += (_, line) => Receive(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        Daemon daemon = new(process, log);
        try
        {
            daemon.TimeToListen = log.WaitFor("listening on", StartTimeout).At;
        }
        catch (AssertionException)
        {
            daemon.Dispose();
            throw;
        }

        return daemon;

        void Receive(string? line)
        {
            if (line is not null)
            {
                log.Add(line);
            }
            else if (Interlocked.Decrement(ref open) == 0)
            {
                log.End();
            }
        }
    }

    public void Signal(string name) => Command.Run("kill", [$"-{name}", $"{ProcessId}"]).MustSucceed();

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit status, or null when the daemon did not end in time.</returns>
    public int? Stop(TimeSpan timeout)
    {
        if (Running)
        {
            Signal("TERM");
        }

        if (!_process.WaitForExit(timeout))
        {
            return null;
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>The end of the log, for an assertion's message.</summary>
    public string Report() => $"--- the server's log ---\n{Log.Tail()}";

    public void Dispose()
    {
        if (Running)
        {
            Kill();
        }

        _process.Dispose();
    }
}

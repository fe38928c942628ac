using System.Diagnostics;
using static Tmds.Linux.LibC;

namespace Pptp.Testing.Serving;

/// <summary>A run of "pptpd demo" as a program of its own: what it prints, and the processes it is made of.</summary>
public sealed class DemoRun : IDisposable
{
    private readonly Process _process;

    private DemoRun(Process process) => _process = process;

    /// <summary>All lines so far, of both outputs.</summary>
    public LogWatch Output { get; } = new();

    /// <summary>Starts it.</summary>
    /// <param name="network">Where it runs.</param>
    /// <param name="temporaryFolder">Where it and its daemons put their files.</param>
    /// <param name="arguments">As on its command line.</param>
    public static DemoRun Start(NetworkNamespace network, string temporaryFolder, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(network);
        IReadOnlyList<string> command = [.. Repository.DaemonCommand(), "demo", .. arguments];
        ProcessStartInfo start = new(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = temporaryFolder;
        // A runtime that is killed would leave files of its own there.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        DemoRun run = new(new Process { StartInfo = start });
        int open = 2;
        run._process.OutputDataReceived += (_, line) => Receive(line.Data);
        run._process.ErrorDataReceived += (_, line) => Receive(line.Data);
        // A child lives in the namespaces of the thread that made it.
        network.Invoke(() => run._process.Start());
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;

        void Receive(string? line)
        {
            if (line is not null)
                run.Output.Add(line);
            else if (Interlocked.Decrement(ref open) == 0)
                run.Output.End();
        }
    }

    /// <summary>The processes it has started and not yet seen end.</summary>
    public IReadOnlyList<int> Children() =>
    [
        .. Directory.GetDirectories($"/proc/{_process.Id}/task")
            .SelectMany(thread => ReadOrNothing(Path.Combine(thread, "children"))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(int.Parse),
    ];

    /// <summary>Whether a process is there that still runs: one that has ended may wait for its parent to notice.</summary>
    public static bool Lives(int process)
    {
        string status = ReadOrNothing($"/proc/{process}/stat");
        // proc_pid_stat(5): the name is in parentheses and may hold anything; the state follows.
        return status.Length > 0 && status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
    }

    /// <summary>Sends a signal, "TERM" or "INT", to it alone.</summary>
    public void Signal(string name)
    {
        int number = name == "INT" ? SIGINT : SIGTERM;
        if (kill(_process.Id, number) < 0)
            throw new InvalidOperationException("the signal did not reach the demo");
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <returns>The exit status.</returns>
    /// <exception cref="TimeoutException">It did not end in time; the message has its output.</exception>
    public int WaitForExit(TimeSpan timeout)
    {
        if (!_process.WaitForExit(timeout))
            throw new TimeoutException($"the demo still runs after {timeout.TotalSeconds:0} s\n{Output.Tail()}");
        // Once more without a time: the end of its output has been read then.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private static string ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return "";
        }
    }
}

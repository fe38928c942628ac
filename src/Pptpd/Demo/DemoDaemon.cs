using System.Diagnostics;
using Pptp.Linux;
using Pptpd.Commands;

namespace Pptpd.Demo;

/// <summary>
/// One of the two daemons: this program again, in a namespace. It lives no longer than its standard input, and so no
/// longer than this process, however that ends.
/// </summary>
internal sealed class DemoDaemon : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly DemoHalf _half;
    private readonly Action<string> _show;
    private readonly List<string> _log = [];
    private TaskCompletionSource _changed = NewSignal();

    private DemoDaemon(DemoHalf half, Action<string> show)
    {
        _half = half;
        _show = show;
        IReadOnlyList<string> program = OwnProgram.Command;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(program[0], [.. program.Skip(1), DemoHalfCommand.Name, $"{half}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
    }

    /// <summary>Starts it.</summary>
    /// <param name="half">Which.</param>
    /// <param name="where">Its network namespace.</param>
    /// <param name="show">Takes each line of its log, without time and topics.</param>
    public static DemoDaemon Start(DemoHalf half, NetworkNamespaceHandle where, Action<string> show)
    {
        DemoDaemon daemon = new(half, show);
        daemon._process.OutputDataReceived += (_, line) => daemon.Receive(line.Data);
        daemon._process.ErrorDataReceived += (_, line) => daemon.Receive(line.Data);
        daemon._process.Exited += (_, _) => daemon.Receive(null);
        // A child lives in the namespace of the thread that starts it.
        where.Run(daemon._process.Start);
        daemon._process.BeginOutputReadLine();
        daemon._process.BeginErrorReadLine();
        return daemon;
    }

    /// <summary>What stands after this text in the last line that has it; null: none has.</summary>
    public string? Find(string text)
    {
        lock (_log)
        {
            string? line = _log.FindLast(line => line.Contains(text, StringComparison.Ordinal));
            return line?[(line.IndexOf(text, StringComparison.Ordinal) + text.Length)..];
        }
    }

    /// <summary>Waits until a line of the log has this text.</summary>
    /// <exception cref="DemoFailure">It did not come in time, or the daemon ended.</exception>
    public async Task WaitForAsync(string text, TimeSpan patience, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        while (true)
        {
            Task changed;
            lock (_log)
                changed = _changed.Task;
            if (Find(text) is not null)
                return;
            RequireRunning();
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new DemoFailure($"the {Name} does not say \"{text}\"");
            }
        }
    }

    /// <exception cref="DemoFailure">The daemon has ended.</exception>
    public void RequireRunning()
    {
        if (_process.HasExited)
            throw new DemoFailure($"the {Name} has ended, exit status {_process.ExitCode}");
    }

    /// <summary>Asks it to end, and waits; one that does not is killed.</summary>
    /// <returns>Whether it ended as it should.</returns>
    public async Task<bool> StopAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource limit = new(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return _process.ExitCode == ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    public void Dispose() => _process.Dispose();

    private string Name => _half.ToString().ToLowerInvariant();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="line">Null: there is something to look at, and it is no line.</param>
    private void Receive(string? line)
    {
        TaskCompletionSource changed;
        lock (_log)
        {
            if (line is not null)
                _log.Add(line);
            changed = _changed;
            _changed = NewSignal();
        }

        if (line is not null)
            _show(WithoutTimeAndTopics(line));
        changed.SetResult();
    }

    /// <summary>A line of the log is day, time, topics, text; one of standard error may be anything.</summary>
    private static string WithoutTimeAndTopics(string line) =>
        line.Split(' ', 4) is [{ Length: 10 }, { Length: 12 }, _, string text] ? text : line;
}

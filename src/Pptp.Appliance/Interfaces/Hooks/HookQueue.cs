using Microsoft.Extensions.Logging;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces.Hooks;

/// <summary>
/// Hooks in order for each session, so many at once for all, and each for so long. No session waits for one.
/// </summary>
/// <param name="starter">Starts programs.</param>
/// <param name="withCapabilities">Whether they keep the daemon's capabilities; asked for each.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what they say.</param>
/// <param name="warnings">For what goes wrong.</param>
internal sealed partial class HookQueue(
    IHookStarter starter, Func<bool> withCapabilities, TimeProvider time, ILogger logger, ILogger warnings)
    : IHooks, IDisposable
{
    /// <summary>Programs that run at the same time.</summary>
    internal const int MostAtOnce = 32;

    /// <summary>Runs that wait for their turn; what comes beyond is lost.</summary>
    internal const int MostWaiting = 4096;

    /// <summary>What a program may take.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>What all that is left may take when the daemon ends.</summary>
    internal static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The last run of each session that has one.</summary>
    private readonly Dictionary<object, Task> _last = [];
    private int _lost;
    private bool _isDisposed;

    public void Run(HookRun run)
    {
        if (run.Script.Programs.Count == 0)
            return;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            if (_last.Count >= MostWaiting)
            {
                if (_lost++ == 0)
                    Log.Full(warnings, run.Who, MostWaiting);
                return;
            }
            Task before = _last.GetValueOrDefault(run.Session, Task.CompletedTask);
            Task all = null!;
            // It is begun by another thread, and not before it stands in the table.
            all = Task.Run(async () =>
            {
                await before.ConfigureAwait(false);
                await RunInTurnAsync(run).ConfigureAwait(false);
                Finish(run.Session, all);
            });
            _last[run.Session] = all;
        }
    }

    /// <summary>Waits for what runs and what waits, and ends what takes too long. To come after the last run.</summary>
    public async Task StopAsync()
    {
        Task left;
        lock (_lock)
            left = Task.WhenAll(_last.Values);
        try
        {
            await left.WaitAsync(StopTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await left.ConfigureAwait(false);
        }
    }

    /// <summary>To be called after <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isDisposed = true;
        _places.Dispose();
        _stopping.Dispose();
    }

    private async Task RunInTurnAsync(HookRun run)
    {
        IReadOnlyDictionary<string, string> variables = run.Variables.ToEnvironment();
        foreach (HookProgram program in run.Script.Programs)
        {
            if (!await TryTakePlaceAsync().ConfigureAwait(false))
            {
                Log.Skipped(warnings, run.Who, program);
                return;
            }
            try
            {
                await RunOneAsync(run.Who, program, variables).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
    }

    private async Task<bool> TryTakePlaceAsync()
    {
        try
        {
            await _places.WaitAsync(_stopping.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunOneAsync(string who, HookProgram program, IReadOnlyDictionary<string, string> variables)
    {
        using CancellationTokenSource timeout = new(Timeout, time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        HookResult result;
        try
        {
            result = await starter.RunAsync(program, variables, withCapabilities(), end.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            result = new HookResult(null, e.Message);
        }
        string output = LogText.Escape(result.Output.Trim());
        if (_stopping.IsCancellationRequested)
            Log.Ended(warnings, who, program, "the daemon ends");
        else if (timeout.IsCancellationRequested)
            Log.Ended(warnings, who, program, $"it took more than {Timeout.TotalSeconds} s");
        else if (result.ExitStatus is null)
            Log.NotStarted(warnings, who, program, output);
        else if (result.ExitStatus != 0)
            Log.Failed(warnings, who, program, result.ExitStatus.Value, output);
        else if (output.Length > 0)
            Log.Said(logger, who, program, output);
    }

    private void Finish(object session, Task all)
    {
        lock (_lock)
        {
            if (_last[session] == all)
                _last.Remove(session);
            if (_lost == 0 || _last.Count >= MostWaiting / 2)
                return;
            Log.Lost(warnings, _lost);
            _lost = 0;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Who}: {Program} says: {Output}")]
        public static partial void Said(ILogger logger, string who, HookProgram program, string output);

        [LoggerMessage(LogLevel.Warning, "{Who}: {Program} failed with status {Status}: {Output}")]
        public static partial void Failed(ILogger logger, string who, HookProgram program, int status, string output);

        [LoggerMessage(LogLevel.Warning, "{Who}: {Program} could not be started: {Why}")]
        public static partial void NotStarted(ILogger logger, string who, HookProgram program, string why);

        [LoggerMessage(LogLevel.Warning, "{Who}: {Program} was ended: {Why}")]
        public static partial void Ended(ILogger logger, string who, HookProgram program, string why);

        [LoggerMessage(LogLevel.Warning, "{Who}: {Program} was not run any more: the daemon ends")]
        public static partial void Skipped(ILogger logger, string who, HookProgram program);

        [LoggerMessage(LogLevel.Warning, "{Who} is not run: {Count} sessions have hooks that wait, those are too slow")]
        public static partial void Full(ILogger logger, string who, int count);

        [LoggerMessage(LogLevel.Warning, "{Count} hooks were not run, too many waited")]
        public static partial void Lost(ILogger logger, int count);
    }
}

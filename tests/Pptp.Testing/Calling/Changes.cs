using System.Diagnostics;

namespace Pptp.Testing.Calling;

/// <summary>Lets many wait until something that changes now and then is as they want it.</summary>
internal sealed class Changes
{
    private volatile TaskCompletionSource _next = Create();

    /// <summary>Something has changed: whoever waits looks again.</summary>
    public void Announce() => Interlocked.Exchange(ref _next, Create()).SetResult();

    /// <summary>Waits until <paramref name="isSo"/>, which may also throw.</summary>
    /// <exception cref="TimeoutException">It did not become so in time; the message tells what is instead.</exception>
    public async Task WaitAsync(Func<bool> isSo, TimeSpan timeout, Func<string> describe)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Task next = _next.Task;
            if (isSo())
                return;
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                try
                {
                    await next.WaitAsync(left).ConfigureAwait(false);
                    continue;
                }
                catch (TimeoutException) when (!next.IsCompleted)
                {
                }
            }

            if (isSo())
                return;
            throw new TimeoutException($"{timeout.TotalSeconds:0.###} s passed: {describe()}");
        }
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Diagnostics;

namespace Pptp.Testing.Serving;

/// <summary>A program's output line by line, to wait on.</summary>
public sealed class LogWatch
{
    /// <summary>How long a line that is there may take to be read.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<LogLine> _lines = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private bool _ended;

    public TimeSpan Now => _clock.Elapsed;

    /// <summary>The number of lines so far: a mark, after which a later look begins.</summary>
    public int Mark
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count;
            }
        }
    }

    public void Add(string text)
    {
        lock (_lines)
        {
            _lines.Add(new LogLine(_clock.Elapsed, text));
            Monitor.PulseAll(_lines);
        }
    }

    /// <summary>No more lines will come; who waits is told.</summary>
    public void End()
    {
        lock (_lines)
        {
            _ended = true;
            Monitor.PulseAll(_lines);
        }
    }

    public IReadOnlyList<LogLine> Lines(int after = 0)
    {
        lock (_lines)
        {
            return [.. _lines.Skip(after)];
        }
    }

    /// <summary>All lines so far that contain a text.</summary>
    public IReadOnlyList<LogLine> With(string text, int after = 0) =>
        [.. Lines(after).Where(line => line.Text.Contains(text, StringComparison.Ordinal))];

    /// <summary>Waits for as many lines that contain a text: the program writes before we read.</summary>
    /// <returns>All there are then, which may be more.</returns>
    /// <exception cref="TimeoutException">They did not come in time, or the program has ended.</exception>
    public IReadOnlyList<LogLine> Expect(string text, int count, int after = 0)
    {
        if (count > 0)
            WaitFor(text, Patience, count, after);
        return With(text, after);
    }

    /// <summary>Waits for lines that contain a text.</summary>
    /// <returns>The last line waited for.</returns>
    /// <exception cref="TimeoutException">They did not come in time, or the program has ended.</exception>
    public LogLine WaitFor(string text, TimeSpan timeout, int count = 1, int after = 0)
    {
        TimeSpan deadline = _clock.Elapsed + timeout;
        lock (_lines)
        {
            int looked = after;
            int seen = 0;
            while (true)
            {
                for (; looked < _lines.Count; looked++)
                {
                    if (_lines[looked].Text.Contains(text, StringComparison.Ordinal) && ++seen == count)
                    {
                        return _lines[looked];
                    }
                }

                TimeSpan left = deadline - _clock.Elapsed;
                if (_ended || left <= TimeSpan.Zero)
                {
                    string why = _ended ? "the program ended" : $"{timeout.TotalSeconds:0.#} s passed";
                    throw new TimeoutException(
                        $"{why} and the log has {seen} of {count} lines with \"{text}\"\n{Tail(after: after)}");
                }

                Monitor.Wait(_lines, left);
            }
        }
    }

    /// <summary>The last lines, for a failure's message.</summary>
    public string Tail(int count = 60, int after = 0) => string.Join(
        '\n',
        Lines(after).TakeLast(count).Select(line => $"{line.At.TotalSeconds,9:0.000} {line.Text}"));
}

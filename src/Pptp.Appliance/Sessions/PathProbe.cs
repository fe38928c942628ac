namespace Pptp.Appliance.Sessions;

/// <summary>
/// Finds out whether packets pass that are as large as any the session will carry: asks for echoes of that size and
/// of a small one. Who answers the small ones and never a large one sits behind a path that drops them; who answers
/// neither has no echoes with data, and nothing follows.
/// </summary>
/// <param name="largeData">Octets of data that make an echo as large as a packet gets.</param>
/// <param name="begun">When the session came up.</param>
internal sealed class PathProbe(int largeData, TimeSpan begun)
{
    public const int SmallData = 100;

    /// <summary>Echoes of each size before anything is said; any of them may be lost.</summary>
    private const int Rounds = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly HashSet<byte> _small = [];
    private readonly HashSet<byte> _large = [];
    private TimeSpan _next = begun + Interval;
    private int _rounds;
    private int _smallAnswers;

    /// <summary>When <see cref="Advance"/> next has something to do; null: never.</summary>
    public TimeSpan? NextDeadline => Result is null ? _next : null;

    /// <summary>Null: not known yet.</summary>
    public PathProbeResult? Result { get; private set; }

    /// <param name="now">The time.</param>
    /// <param name="send">Sends an echo with so many octets of data; gives its identifier.</param>
    public void Advance(TimeSpan now, Func<int, byte?> send)
    {
        if (Result is not null || now < _next)
            return;
        if (_rounds == Rounds)
        {
            // One small answer could be chance, as the loss of every large one could.
            Result = _smallAnswers > 1 ? PathProbeResult.LargeAreLost : PathProbeResult.Unknown;
            return;
        }
        _rounds++;
        _next = now + Interval;
        if (send(SmallData) is { } small)
            _small.Add(small);
        if (send(largeData) is { } large)
            _large.Add(large);
    }

    /// <summary>An echo was answered.</summary>
    public void Answered(byte identifier)
    {
        if (_large.Contains(identifier))
            Result ??= PathProbeResult.AllPass;
        else if (_small.Remove(identifier))
            _smallAnswers++;
    }
}

internal enum PathProbeResult
{
    AllPass,

    /// <summary>The peer answers no echoes with data.</summary>
    Unknown,

    LargeAreLost,
}

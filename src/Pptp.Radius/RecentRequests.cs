namespace Pptp.Radius;

/// <summary>
/// Requests that came a short while ago, and what was answered: who did not hear the answer asks again, and is told the
/// same without its being done again (RFC 5176 §2.3). For one thread at a time.
/// </summary>
internal sealed class RecentRequests
{
    /// <summary>More are forgotten, the oldest first.</summary>
    public const int Capacity = 1024;

    /// <summary>How long a sender may go on asking.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(60);

    private readonly Dictionary<RequestKey, byte[]?> _answers = [];
    private readonly Queue<(RequestKey Key, TimeSpan At)> _order = new();

    /// <param name="key">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="answer">What was answered; null: it is still being seen to.</param>
    /// <returns>True: it came before. False: it is taken down now.</returns>
    public bool HasCome(RequestKey key, TimeSpan now, out byte[]? answer)
    {
        while (_order.TryPeek(out (RequestKey Key, TimeSpan At) oldest)
            && (_order.Count >= Capacity || now - oldest.At > Memory))
        {
            _order.Dequeue();
            _answers.Remove(oldest.Key);
        }
        if (_answers.TryGetValue(key, out answer))
            return true;
        _answers[key] = null;
        _order.Enqueue((key, now));
        return false;
    }

    public void Answered(RequestKey key, byte[] answer)
    {
        if (_answers.ContainsKey(key))
            _answers[key] = answer;
    }
}

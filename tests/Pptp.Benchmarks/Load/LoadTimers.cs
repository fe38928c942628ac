namespace Pptp.Benchmarks.Load;

/// <summary>When which connection or call has something to do.</summary>
internal sealed class LoadTimers
{
    private readonly PriorityQueue<TimedItem, TimeSpan> _queue = new();

    public TimeSpan? Next => _queue.TryPeek(out _, out TimeSpan due) ? due : null;

    /// <summary>To be called whenever an item's deadline may have changed.</summary>
    public void Arm(TimedItem item)
    {
        // A later deadline is found out when the earlier one comes.
        if (item.Deadline is not { } deadline || deadline >= item.ArmedFor) return;
        item.ArmedFor = deadline;
        _queue.Enqueue(item, deadline);
    }

    public void Advance(TimeSpan now)
    {
        while (_queue.TryPeek(out TimedItem? item, out TimeSpan due) && due <= now)
        {
            _queue.Dequeue();
            // One armed for an earlier time since has been here already.
            if (item.ArmedFor != due) continue;
            item.ArmedFor = TimeSpan.MaxValue;
            if (item.Deadline <= now) item.Advance(now);
            Arm(item);
        }
    }
}

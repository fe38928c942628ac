namespace Pptp.Protocol.Gre;

/// <summary>
/// Copies of frames that came before their turn, sorted by sequence number. Memory is taken when first needed and
/// kept for reuse: never more than <see cref="Capacity"/> frames of the longest length.
/// </summary>
internal sealed class ReorderBuffer(int capacity, int maximumLength)
{
    private readonly Stack<byte[]> _free = new();
    private HeldFrame[] _frames = [];
    private int _buffers;

    /// <summary>Frames for which there is memory at most, sorted in or rented.</summary>
    public int Capacity => capacity;

    public int Count { get; private set; }

    /// <summary>Octets taken so far.</summary>
    public long Memory => (long)_buffers * maximumLength;

    public uint FirstSequence => _frames[0].Sequence;
    public uint LastSequence => _frames[Count - 1].Sequence;

    /// <summary>When the frame that has waited longest arrived. Only with frames held.</summary>
    public TimeSpan OldestArrival { get; private set; }

    /// <summary>Copies a frame. False if it is too long or there is no room.</summary>
    public bool TryCopy(uint sequence, ReadOnlySpan<byte> payload, TimeSpan arrival, out HeldFrame frame)
    {
        frame = default;
        if (payload.Length > maximumLength)
            return false;
        if (!_free.TryPop(out byte[]? buffer))
        {
            if (_buffers == capacity)
                return false;
            _buffers++;
            buffer = new byte[maximumLength];
        }

        payload.CopyTo(buffer);
        frame = new HeldFrame(sequence, buffer, payload.Length, arrival);
        return true;
    }

    /// <summary>Gives the memory of a frame that is not sorted in back for reuse.</summary>
    public void Return(in HeldFrame frame) => _free.Push(frame.Buffer);

    public bool Contains(uint sequence)
    {
        int place = PlaceOf(sequence);
        return place < Count && _frames[place].Sequence == sequence;
    }

    /// <summary>Sorts a copied frame in, whose number is not held yet.</summary>
    public void Insert(in HeldFrame frame)
    {
        if (_frames.Length == 0)
            _frames = new HeldFrame[capacity];
        int place = PlaceOf(frame.Sequence);
        Array.Copy(_frames, place, _frames, place + 1, Count - place);
        _frames[place] = frame;
        if (Count == 0 || frame.Arrival < OldestArrival)
            OldestArrival = frame.Arrival;
        Count++;
    }

    /// <summary>Takes the first frame out; its memory is the caller's to return.</summary>
    public HeldFrame TakeFirst()
    {
        HeldFrame first = _frames[0];
        Count--;
        Array.Copy(_frames, 1, _frames, 0, Count);
        _frames[Count] = default;
        if (Count > 0 && first.Arrival == OldestArrival)
        {
            OldestArrival = _frames[0].Arrival;
            for (int i = 1; i < Count; i++)
            {
                if (_frames[i].Arrival < OldestArrival)
                    OldestArrival = _frames[i].Arrival;
            }
        }

        return first;
    }

    /// <summary>The highest number among frames that arrived no later than <paramref name="arrival"/>.</summary>
    public uint LastArrivedBy(TimeSpan arrival)
    {
        for (int i = Count - 1; i > 0; i--)
        {
            if (_frames[i].Arrival <= arrival)
                return _frames[i].Sequence;
        }

        return _frames[0].Sequence;
    }

    public void Clear()
    {
        for (int i = 0; i < Count; i++)
            Return(_frames[i]);
        Array.Clear(_frames, 0, Count);
        Count = 0;
    }

    // Frames mostly come in order among themselves: look from the end.
    private int PlaceOf(uint sequence)
    {
        int place = Count;
        while (place > 0 && SequenceNumber.Distance(sequence, _frames[place - 1].Sequence) >= 0)
            place--;
        return place;
    }
}

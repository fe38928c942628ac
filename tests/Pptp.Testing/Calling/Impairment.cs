namespace Pptp.Testing.Calling;

/// <summary>
/// A bad road for the caller's GRE packets with payload. Deterministic: the same packets suffer the same.
/// </summary>
public abstract class Impairment
{
    /// <summary>Packets leave in groups, each with its last packet first.</summary>
    public static Impairment ReverseGroupsOf(int size) => new Reversing(size);

    /// <summary>Each packet leaves twice.</summary>
    public static Impairment DuplicateEach() => new Duplicating();

    /// <summary>Each packet leaves again when <paramref name="distance"/> others have followed it.</summary>
    public static Impairment RepeatLater(int distance) => new Repeating(distance);

    /// <summary>The first of every <paramref name="n"/> packets is lost.</summary>
    public static Impairment DropOneIn(int n) => new Dropping(n);

    /// <summary>The first packet is held back until the impairment is taken away; the others pass.</summary>
    public static Impairment HoldTheFirst() => new Holding();

    internal abstract void Pass(byte[] packet, Action<byte[]> send);

    /// <summary>The impairment is taken away: what it held back leaves.</summary>
    internal virtual void Flush(Action<byte[]> send)
    {
    }

    private sealed class Reversing(int size) : Impairment
    {
        private readonly Stack<byte[]> _held = new();

        internal override void Pass(byte[] packet, Action<byte[]> send)
        {
            _held.Push(packet);
            if (_held.Count == size)
                Flush(send);
        }

        internal override void Flush(Action<byte[]> send)
        {
            while (_held.TryPop(out byte[]? packet))
                send(packet);
        }
    }

    private sealed class Duplicating : Impairment
    {
        internal override void Pass(byte[] packet, Action<byte[]> send)
        {
            send(packet);
            send(packet);
        }
    }

    private sealed class Repeating(int distance) : Impairment
    {
        private readonly Queue<byte[]> _sent = new();

        internal override void Pass(byte[] packet, Action<byte[]> send)
        {
            send(packet);
            _sent.Enqueue(packet);
            if (_sent.Count > distance)
                send(_sent.Dequeue());
        }
    }

    private sealed class Dropping(int n) : Impairment
    {
        private int _count;

        internal override void Pass(byte[] packet, Action<byte[]> send)
        {
            if (_count++ % n != 0)
                send(packet);
        }
    }

    private sealed class Holding : Impairment
    {
        private byte[]? _held;
        private bool _done;

        internal override void Pass(byte[] packet, Action<byte[]> send)
        {
            if (_done)
            {
                send(packet);
                return;
            }

            _held = packet;
            _done = true;
        }

        internal override void Flush(Action<byte[]> send)
        {
            if (_held is { } packet)
                send(packet);
            _held = null;
        }
    }
}

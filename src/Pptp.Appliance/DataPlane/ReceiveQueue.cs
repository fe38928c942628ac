using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pptp.Appliance.DataPlane.Mppe;
using Pptp.Linux;
using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Gathers received packets whose keys are foreseeable, to decrypt them together. Belongs to one worker.
/// </summary>
/// <param name="complete">Decrypts and delivers all that wait: to be done before anything that must not overtake them.</param>
internal sealed unsafe class ReceiveQueue(Action<TimeSpan> complete) : IDisposable
{
    private readonly MppeEngine _engine = new();
    private readonly Entry[] _entries = new Entry[MppeEngine.Capacity];
    private byte* _plaintexts = (byte*)NativeMemory.AlignedAlloc(MppeEngine.Capacity * GreBatch.DefaultSlotSize, 64);

    public int Count { get; private set; }

    public bool IsFull => Count == MppeEngine.Capacity;

    /// <summary>Decrypts and delivers all that wait.</summary>
    public void Complete(TimeSpan now) => complete(now);

    /// <summary>Takes a packet.</summary>
    /// <param name="path">Whose it is.</param>
    /// <param name="ticket">The path's.</param>
    /// <param name="decryptor">The path's, which expects this packet.</param>
    /// <param name="mppe">Header and ciphertext, in memory that does not move and stays until all are delivered.</param>
    /// <param name="place">The path's own.</param>
    /// <returns>False: it is longer than what is foreseen here.</returns>
    public bool TryAdd(
        DataPath path, ref MppeTicket ticket, MppeDecryptor decryptor, ReadOnlySpan<byte> mppe, long place)
    {
        int length = mppe.Length - MppeEncryptor.Overhead;
        if (length > GreBatch.DefaultSlotSize)
            return false;
        byte* encrypted = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(mppe));
        _engine.Add(ref ticket, decryptor, encrypted + MppeEncryptor.Overhead, PlaintextAt(Count), length);
        _entries[Count++] = new Entry(path, encrypted, length, place);
        return true;
    }

    /// <summary>Decrypts all.</summary>
    public void Run() => _engine.Run(moveKeys: false);

    /// <summary>Whose packet it is; the path may be closed by now.</summary>
    public DataPath PathOf(int i) => _entries[i].Path;

    /// <summary>Gives a decrypted packet to its path.</summary>
    public void Deliver(int i, TimeSpan now)
    {
        ref readonly Entry entry = ref _entries[i];
        entry.Path.TakeDecrypted(
            new ReadOnlySpan<byte>(entry.Encrypted, entry.Length + MppeEncryptor.Overhead),
            new ReadOnlySpan<byte>(PlaintextAt(i), entry.Length), _engine.KeyOf(i), entry.Place, now);
    }

    public void Clear()
    {
        Array.Clear(_entries, 0, Count);
        Count = 0;
    }

    public void Dispose()
    {
        _engine.Dispose();
        NativeMemory.AlignedFree(_plaintexts);
        _plaintexts = null;
    }

    private byte* PlaintextAt(int i) => _plaintexts + (i * GreBatch.DefaultSlotSize);

    private readonly struct Entry(DataPath path, byte* encrypted, int length, long place)
    {
        public readonly DataPath Path = path;
        public readonly byte* Encrypted = encrypted;
        public readonly int Length = length;
        public readonly long Place = place;
    }
}

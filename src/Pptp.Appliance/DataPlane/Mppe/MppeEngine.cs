using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pptp.Linux;
using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.DataPlane.Mppe;

/// <summary>
/// Stateless MPPE (RFC 3078 §7.3, §8.1) for a batch of packets, of one call or of many: the same octets as one packet
/// after the other, in a fraction of the time. Belongs to one worker; makes no object per packet.
/// </summary>
/// <remarks>
/// Four packets share a pass over their key streams. Their keys come first: of one call each key is made from the one
/// before, so the schedule that makes the next key runs beside the schedule of the packet itself; of four calls the
/// schedules run side by side.
/// </remarks>
internal sealed unsafe class MppeEngine : IDisposable
{
    /// <summary>Packets in a batch.</summary>
    public const int Capacity = 64;

    private const int Material = IMppeKeys.KeyMaterialLength;
    private const int Block = Material / 2;

    private readonly delegate* unmanaged[SuppressGCTransition]<uint*, byte*, void> _compress;
    private readonly Packet[] _packets = new Packet[Capacity];
    private readonly KeyChain[] _chains = new KeyChain[Capacity];
    private byte* _memory;
    private readonly byte* _materials;
    private readonly byte* _keys;
    private readonly byte* _boxes;
    private readonly byte* _nextBoxes;
    private readonly byte* _nextKeys;
    private readonly byte* _streams;
    private readonly uint* _hash;
    private long _batch = 1;
    private int _chainCount;

    /// <summary>The next packet's key is scheduled already in the first of <see cref="_nextBoxes"/>.</summary>
    private bool _isAhead;

    /// <param name="mayUseLibrary">False: SHA-1 is our own, also where the host's libcrypto offers it.</param>
    public MppeEngine(bool mayUseLibrary = true)
    {
        _compress = mayUseLibrary ? Sha1Compression.Native : null;
        const int Boxes = Rc4Lanes.Most * Rc4Lanes.BoxSize;
        const int NextKeys = Rc4Lanes.Most * Rc4Lanes.KeySize;
        const int Size = (Capacity * (Material + Rc4Lanes.KeySize)) + (2 * Boxes) + NextKeys
            + (Rc4Lanes.Most * Rc4Lanes.Stride) + Sha1Compression.StateSize;
        _memory = (byte*)NativeMemory.AlignedAlloc(Size, 64);
        NativeMemory.Clear(_memory, Size);
        _materials = _memory;
        _keys = _materials + (Capacity * Material);
        _boxes = _keys + (Capacity * Rc4Lanes.KeySize);
        _nextBoxes = _boxes + Boxes;
        _nextKeys = _nextBoxes + Boxes;
        _hash = (uint*)(_nextKeys + NextKeys);
        _streams = (byte*)_hash + Sha1Compression.StateSize;
    }

    /// <summary>Packets that wait for <see cref="Run"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a packet into the batch, with the key after the last one of the same call.</summary>
    /// <param name="ticket">The call's, kept between packets and between batches.</param>
    /// <param name="keys">The call's. Until <see cref="Run"/> nobody else moves them.</param>
    /// <param name="source">What is encrypted or decrypted, from the protocol field on.</param>
    /// <param name="destination">Where to; may be the same memory.</param>
    /// <param name="length">Octets.</param>
    /// <returns>Its place in the batch.</returns>
    public int Add(ref MppeTicket ticket, IMppeKeys keys, byte* source, byte* destination, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Count, Capacity);
        if (ticket.Batch != _batch)
        {
            ticket = new MppeTicket { Batch = _batch, Place = _chainCount };
            keys.CopyKeyMaterial(new Span<byte>(_materials + (_chainCount * Material), Material));
            int keyLength = keys.Strength == MppeStrength.Bits128 ? 16 : 8;
            _chains[_chainCount++] = new KeyChain(keys, keyLength, keys.Strength);
        }
        _packets[Count] = new Packet(source, destination, length, ticket.Place);
        return Count++;
    }

    /// <summary>The session key of a packet of the batch that was run last; good until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<byte> KeyOf(int place) => new(_keys + (place * Rc4Lanes.KeySize), Rc4Lanes.KeySize);

    /// <summary>Encrypts or decrypts all packets and begins a new batch.</summary>
    /// <param name="moveKeys">
    /// Every call's keys are moved to its last packet's. Else the caller moves them, as far as it believes the packets.
    /// </param>
    public void Run(bool moveKeys)
    {
        int count = Count;
        Count = 0;
        _isAhead = false;
        for (int first = 0; first < count; first += Rc4Lanes.Most)
        {
            int lanes = Math.Min(Rc4Lanes.Most, count - first);
            if (!_isAhead && AreOfFour(first, count))
                MakeFourKeys(first);
            else
                MakeKeys(first, lanes, count);
            Apply(first, lanes);
        }
        for (int place = 0; place < _chainCount; place++)
        {
            ref KeyChain chain = ref _chains[place];
            if (moveKeys)
                chain.Keys.MoveTo(new ReadOnlySpan<byte>(SessionKey(place), chain.KeyLength));
            chain = default;
        }
        _chainCount = 0;
        _batch++;
    }

    /// <summary>Wipes all keys.</summary>
    public void Dispose()
    {
        byte* memory = _memory;
        _memory = null;
        if (memory is null)
            return;
        NativeMemory.Clear(memory, (nuint)(Capacity * (Material + Rc4Lanes.KeySize)));
        NativeMemory.AlignedFree(memory);
    }

    /// <summary>Whether the next four packets are of four calls.</summary>
    private bool AreOfFour(int first, int count)
    {
        if (first + Rc4Lanes.Most > count)
            return false;
        int a = _packets[first].Chain, b = _packets[first + 1].Chain;
        int c = _packets[first + 2].Chain, d = _packets[first + 3].Chain;
        return a != b && a != c && a != d && b != c && b != d && c != d;
    }

    private void MakeFourKeys(int first)
    {
        for (int lane = 0; lane < Rc4Lanes.Most; lane++)
            HashNext(_packets[first + lane].Chain, lane);
        Rc4Lanes.ScheduleFour(_nextBoxes, _nextKeys);
        for (int lane = 0; lane < Rc4Lanes.Most; lane++)
            TakeNext(first + lane, lane);
        Rc4Lanes.ScheduleFour(_boxes, _keys + (first * Rc4Lanes.KeySize));
    }

    private void MakeKeys(int first, int lanes, int count)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            int packet = first + lane;
            byte* box = _boxes + (lane * Rc4Lanes.BoxSize);
            byte* key = _keys + (packet * Rc4Lanes.KeySize);
            if (!_isAhead)
            {
                HashNext(_packets[packet].Chain, 0);
                Rc4Lanes.Schedule(_nextBoxes, _nextKeys);
            }
            TakeNext(packet, 0);
            int next = packet + 1;
            _isAhead = next < count && (lane + 1 < lanes || !AreOfFour(next, count));
            if (_isAhead)
            {
                HashNext(_packets[next].Chain, 0);
                Rc4Lanes.Schedule(box, key, _nextBoxes, _nextKeys);
            }
            else
            {
                Rc4Lanes.Schedule(box, key);
            }
        }
    }

    /// <summary>RFC 3079 §3.4 GetNewKeyFromSHA, up to the interim key.</summary>
    private void HashNext(int chain, int lane)
    {
        byte* material = _materials + (chain * Material);
        uint* hash = _hash;
        hash[0] = 0x67452301;
        hash[1] = 0xEFCDAB89;
        hash[2] = 0x98BADCFE;
        hash[3] = 0x10325476;
        hash[4] = 0xC3D2E1F0;
        if (_compress is not null)
        {
            _compress(hash, material);
            _compress(hash, material + Block);
        }
        else
        {
            Sha1Block.Compress(hash, material);
            Sha1Block.Compress(hash, material + Block);
        }
        uint* interim = (uint*)(_nextKeys + (lane * Rc4Lanes.KeySize));
        bool isLong = _chains[chain].KeyLength == Rc4Lanes.KeySize;
        for (int i = 0; i < 4; i++)
            interim[i] = BinaryPrimitives.ReverseEndianness(hash[isLong ? i : i & 1]);
    }

    /// <summary>The interim key encrypted with itself is the next session key (RFC 3078 §7.3).</summary>
    private void TakeNext(int packet, int lane)
    {
        int place = _packets[packet].Chain;
        ref readonly KeyChain chain = ref _chains[place];
        byte* session = SessionKey(place);
        byte* interim = _nextKeys + (lane * Rc4Lanes.KeySize);
        byte j = 0;
        Rc4Lanes.Stream(_nextBoxes + (lane * Rc4Lanes.BoxSize), 0, &j, session, chain.KeyLength);
        for (int i = 0; i < chain.KeyLength; i += sizeof(ulong))
            *(ulong*)(session + i) ^= *(ulong*)(interim + i);
        // RFC 3079 §3.1, §3.2: the first octets of the weaker keys are public constants.
        if (chain.Strength != MppeStrength.Bits128)
        {
            session[0] = 0xD1;
            if (chain.Strength == MppeStrength.Bits40)
                (session[1], session[2]) = (0x26, 0x9E);
        }
        ulong* key = (ulong*)(_keys + (packet * Rc4Lanes.KeySize));
        key[0] = *(ulong*)session;
        key[1] = *(ulong*)(session + chain.KeyLength - sizeof(ulong));
    }

    private byte* SessionKey(int chain) =>
        _materials + (chain * Material) + _chains[chain].KeyLength + IMppeKeys.PadLength;

    /// <summary>Makes the key streams of up to four packets and mixes them with the packets.</summary>
    private void Apply(int first, int lanes)
    {
        byte* js = stackalloc byte[Rc4Lanes.Most];
        *(uint*)js = 0;
        int done = 0;
        if (lanes == Rc4Lanes.Most)
        {
            int shortest = _packets[first].Length;
            for (int lane = 1; lane < lanes; lane++)
                shortest = Math.Min(shortest, _packets[first + lane].Length);
            int together = shortest - (shortest % Rc4Lanes.Step);
            while (done < together)
            {
                int chunk = Math.Min(together - done, Rc4Lanes.ChunkSize);
                Rc4Lanes.StreamFour(_boxes, (nuint)done, js, _streams, chunk);
                for (int lane = 0; lane < Rc4Lanes.Most; lane++)
                    Mix(first + lane, done, _streams + (lane * Rc4Lanes.Stride), chunk);
                done += chunk;
            }
        }
        for (int lane = 0; lane < lanes; lane++)
        {
            // Two that have as much to go at least one step together; the last goes alone.
            int at = done;
            int length = _packets[first + lane].Length;
            if (lane + 1 < lanes)
            {
                int both = Math.Min(length, _packets[first + lane + 1].Length);
                if (both > at && both >= length - both)
                {
                    ApplyTwo(first, lane, js, at, both);
                    ApplyOne(first, lane, js, both, length);
                    ApplyOne(first, lane + 1, js, both, _packets[first + lane + 1].Length);
                    lane++;
                    continue;
                }
            }
            ApplyOne(first, lane, js, at, length);
        }
    }

    private void ApplyTwo(int first, int lane, byte* js, int from, int to)
    {
        byte* box = _boxes + (lane * Rc4Lanes.BoxSize);
        while (from < to)
        {
            int chunk = Math.Min(to - from, Rc4Lanes.ChunkSize);
            Rc4Lanes.Stream(
                box, box + Rc4Lanes.BoxSize, (nuint)from, js + lane, js + lane + 1,
                _streams, _streams + Rc4Lanes.Stride, chunk);
            Mix(first + lane, from, _streams, chunk);
            Mix(first + lane + 1, from, _streams + Rc4Lanes.Stride, chunk);
            from += chunk;
        }
    }

    private void ApplyOne(int first, int lane, byte* js, int from, int to)
    {
        while (from < to)
        {
            int chunk = Math.Min(to - from, Rc4Lanes.ChunkSize);
            Rc4Lanes.Stream(_boxes + (lane * Rc4Lanes.BoxSize), (nuint)from, js + lane, _streams, chunk);
            Mix(first + lane, from, _streams, chunk);
            from += chunk;
        }
    }

    private void Mix(int packet, int at, byte* stream, int count)
    {
        byte* source = _packets[packet].Source + at;
        byte* destination = _packets[packet].Destination + at;
        int i = 0;
        for (; i + Vector128<byte>.Count <= count; i += Vector128<byte>.Count)
            (Vector128.Load(source + i) ^ Vector128.Load(stream + i)).Store(destination + i);
        for (; i < count; i++)
            destination[i] = (byte)(source[i] ^ stream[i]);
    }

    private readonly struct Packet(byte* source, byte* destination, int length, int chain)
    {
        public readonly byte* Source = source;
        public readonly byte* Destination = destination;
        public readonly int Length = length;
        public readonly int Chain = chain;
    }

    private readonly record struct KeyChain(IMppeKeys Keys, int KeyLength, MppeStrength Strength);
}

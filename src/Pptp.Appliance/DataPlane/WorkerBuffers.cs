namespace Pptp.Appliance.DataPlane;

/// <summary>Working memory that the paths of one worker share, since it handles one packet at a time.</summary>
internal sealed class WorkerBuffers
{
    /// <summary>The longest IP packet, with its PPP protocol and what encryption or the TUN puts before it.</summary>
    private const int Size = ushort.MaxValue + 1 + 64;

    private readonly byte[] _fromTun = GC.AllocateArray<byte>(Size, pinned: true);
    private readonly byte[] _toTun = GC.AllocateArray<byte>(Size, pinned: true);
    private readonly byte[] _decrypted = GC.AllocateArray<byte>(Size, pinned: true);
    private readonly byte[] _segment = GC.AllocateArray<byte>(Size, pinned: true);
    private readonly byte[] _whole = GC.AllocateArray<byte>(Size, pinned: true);

    public Span<byte> FromTun => _fromTun;

    public Span<byte> ToTun => _toTun;

    public Span<byte> Decrypted => _decrypted;

    /// <summary>A segment, with room for its PPP protocol before it, that does not go straight into a GRE packet.</summary>
    public Span<byte> Segment => _segment;

    /// <summary>A packet before it is cut into fragments.</summary>
    public Span<byte> Whole => _whole;
}

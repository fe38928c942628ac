namespace Pptp.Appliance.DataPlane;

/// <summary>Working memory that the paths of one worker share, since it handles one packet at a time.</summary>
internal sealed class WorkerBuffers
{
    private const int Size = 2048;

    private readonly byte[] _fromTun = GC.AllocateArray<byte>(Size, pinned: true);
    private readonly byte[] _toTun = GC.AllocateArray<byte>(Size, pinned: true);
    private readonly byte[] _decrypted = GC.AllocateArray<byte>(Size, pinned: true);

    public Span<byte> FromTun => _fromTun;

    public Span<byte> ToTun => _toTun;

    public Span<byte> Decrypted => _decrypted;
}

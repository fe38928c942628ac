using Pptp.Linux;

namespace Pptp.Appliance.DataPlane;

/// <summary>Gathers outgoing GRE packets and hands them to the kernel a batch at a time. Belongs to one worker.</summary>
internal sealed class TransmitQueue(GreSocket socket) : IDisposable
{
    private readonly GreBatch _batch = new();

    /// <summary>Room for the next packet, GRE header first. Becomes part of the batch with <see cref="Commit"/>.</summary>
    public Span<byte> Next() => _batch.Slot(_batch.Count);

    /// <param name="to">Sent from its local to its remote address.</param>
    /// <param name="length">Octets written to what <see cref="Next"/> gave.</param>
    public void Commit(in CallAddress to, int length)
    {
        _batch.Add(length, to.Local, to.Remote);
        if (_batch.IsFull)
            Flush();
    }

    /// <summary>Sends what is there. What the kernel does not take is lost, as on any network, and counted by the socket.</summary>
    public void Flush()
    {
        if (_batch.Count > 0)
            socket.Send(_batch);
    }

    public void Dispose() => _batch.Dispose();
}

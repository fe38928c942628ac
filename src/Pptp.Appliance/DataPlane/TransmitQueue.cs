using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Pptp.Appliance.DataPlane.Mppe;
using Pptp.Linux;
using Pptp.Protocol.Mppe;

namespace Pptp.Appliance.DataPlane;

/// <summary>
/// Gathers outgoing GRE packets, encrypts them and hands them to the kernel a batch at a time. Belongs to one worker.
/// </summary>
internal sealed class TransmitQueue(IGreSender sender) : IDisposable
{
    private readonly GreBatch _batch = new();
    private readonly MppeEngine _engine = new();
    private long _sent;
    private long _sendCalls;

    /// <summary>Packets handed to the kernel.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>In how many batches.</summary>
    public long SendCalls => Volatile.Read(ref _sendCalls);

    /// <summary>Room for the next packet, GRE header first. Becomes part of the batch with <see cref="Commit"/>.</summary>
    public Span<byte> Next() => _batch.Slot(_batch.Count);

    /// <summary>
    /// Has a part of the next packet encrypted where it lies, before the batch leaves. To be followed by
    /// <see cref="Commit"/>.
    /// </summary>
    /// <param name="ticket">The call's.</param>
    /// <param name="encryptor">The call's, which is stateless.</param>
    /// <param name="part">Of what <see cref="Next"/> gave, from the protocol field on.</param>
    public unsafe void Encrypt(ref MppeTicket ticket, MppeEncryptor encryptor, Span<byte> part)
    {
        byte* octets = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(part));
        _engine.Add(ref ticket, encryptor, octets, octets, part.Length);
    }

    /// <summary>Encrypts what waits for it, so that an encryptor may also be used by itself.</summary>
    public void Settle()
    {
        if (_engine.Count > 0)
            _engine.Run(moveKeys: true);
    }

    /// <param name="to">Sent from its local to its remote address.</param>
    /// <param name="length">Octets written to what <see cref="Next"/> gave.</param>
    public void Commit(in CallAddress to, int length)
    {
        _batch.Add(length, to.Local, to.Remote);
        if (_batch.IsFull)
            Flush();
    }

    /// <summary>Sends what is there. What the kernel does not take is lost, as on any network, and counted by the sender.</summary>
    public void Flush()
    {
        if (_batch.Count == 0)
            return;
        Settle();
        Volatile.Write(ref _sent, _sent + sender.Send(_batch));
        Volatile.Write(ref _sendCalls, _sendCalls + 1);
    }

    public void Dispose()
    {
        _batch.Dispose();
        _engine.Dispose();
    }
}

using System.Threading.Channels;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// Writes to the control connection without ever making the actor wait. A peer that does not read is cut off when
/// too much has gathered for it.
/// </summary>
internal sealed class ControlWriter(Stream stream)
{
    /// <summary>About 400 control messages: no honest peer is ever that far behind.</summary>
    private const int Limit = 64 * 1024;

    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private int _queued;

    /// <returns>False: the peer does not read, the connection is to be given up.</returns>
    public bool TryWrite(byte[] bytes)
    {
        if (Interlocked.Add(ref _queued, bytes.Length) > Limit)
            return false;
        _queue.Writer.TryWrite(bytes);
        return true;
    }

    /// <summary>No more will come; <see cref="RunAsync"/> ends when the rest is written.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Writes until <see cref="Complete"/>, or until the connection fails, which the reader reports.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (byte[] bytes in _queue.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
                Interlocked.Add(ref _queued, -bytes.Length);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            _queue.Writer.TryComplete();
        }
    }
}

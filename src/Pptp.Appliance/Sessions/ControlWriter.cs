using System.Threading.Channels;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// Writes to the control connection without ever making the actor wait. What a peer does not read gathers here only as
/// far as the reader lets it ask; one that reads nothing at all is given up.
/// </summary>
internal sealed class ControlWriter(Stream stream, TimeProvider time) : IDisposable
{
    /// <summary>Octets that may wait, about 800 Echo-Replies, before nothing more is read from the peer.</summary>
    private const int Few = 16 * 1024;

    /// <summary>
    /// Beyond what one read of the peer and our own goodbyes to all its calls can add to <see cref="Few"/>.
    /// </summary>
    private const int Limit = 64 * 1024;

    /// <summary>
    /// What one write may take. The kernel buffers so much that it waits only for a peer who has left far more unread
    /// than it was ever owed for a call.
    /// </summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _drained = new(0, 1);
    private int _queued;
    private int _isWaiting;

    /// <returns>False: far too much is unsent, the connection is to be given up.</returns>
    public bool TryWrite(byte[] bytes)
    {
        if (Interlocked.Add(ref _queued, bytes.Length) > Limit)
            return false;
        _queue.Writer.TryWrite(bytes);
        return true;
    }

    /// <summary>No more will come; <see cref="RunAsync"/> ends when the rest is written.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>To be called when <see cref="RunAsync"/> has ended.</summary>
    public void Dispose() => _drained.Dispose();

    /// <summary>Waits while more than a few messages are unsent. For one caller at a time.</summary>
    public async Task WaitUntilFewAsync(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _queued) > Few)
        {
            Interlocked.Exchange(ref _isWaiting, 1);
            if (Volatile.Read(ref _queued) <= Few && Interlocked.Exchange(ref _isWaiting, 0) == 1)
                return;
            await _drained.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Writes until <see cref="Complete"/>, or until the connection fails: the reader may wait for us then.</summary>
    /// <returns>Why the connection is to be given up; null: all is written, or nothing more is wanted.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (byte[] bytes in _queue.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                ValueTask write = stream.WriteAsync(bytes, cancellation);
                if (write.IsCompleted)
                    await write.ConfigureAwait(false);
                else
                    await write.AsTask().WaitAsync(WriteTimeout, time, cancellation).ConfigureAwait(false);
                if (Interlocked.Add(ref _queued, -bytes.Length) <= Few && Interlocked.Exchange(ref _isWaiting, 0) == 1)
                    _drained.Release();
            }
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (e is TimeoutException or IOException or ObjectDisposedException)
        {
            _queue.Writer.TryComplete();
            return e is TimeoutException ? "the peer does not read" : e.Message;
        }
    }
}

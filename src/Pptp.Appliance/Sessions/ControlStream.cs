namespace Pptp.Appliance.Sessions;

/// <summary>
/// Reads and writes the octets of a control connection for its actor, who is never made to wait. What is read is handed
/// over a piece at a time: the next is read when the actor has taken the last.
/// </summary>
/// <param name="stream">The TCP connection. It is closed with <see cref="CloseAsync"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="onReceived">Takes what was read; <see cref="ReadOn"/> is to follow. Called on some thread.</param>
/// <param name="onLost">Takes why the connection is gone. Called on some thread, at most twice.</param>
internal sealed class ControlStream(
    Stream stream, TimeProvider time, Action<ReadOnlyMemory<byte>> onReceived, Action<string> onLost) : IDisposable
{
    /// <summary>What is still owed to the peer at the end (a notify, a reply) has this long to leave.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly ControlWriter _writer = new(stream, time);
    private readonly SemaphoreSlim _mayRead = new(0);
    private readonly CancellationTokenSource _end = new();
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;

    public void Start()
    {
        _reading = ReadAsync();
        _writing = WriteAsync();
    }

    /// <returns>False: the peer does not read, the connection is to be given up.</returns>
    public bool TryWrite(byte[] bytes) => _writer.TryWrite(bytes);

    /// <summary>The actor has taken what was handed to it.</summary>
    public void ReadOn() => _mayRead.Release();

    /// <summary>Writes what is left to write, as far as the peer takes it in time, and closes the connection.</summary>
    public async Task CloseAsync()
    {
        _writer.Complete();
        await Task.WhenAny(_writing, Task.Delay(FlushTimeout, time)).ConfigureAwait(false);
        await _end.CancelAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_reading, _writing).ConfigureAwait(false);
    }

    /// <summary>To be called after <see cref="CloseAsync"/>.</summary>
    public void Dispose()
    {
        _end.Dispose();
        _mayRead.Dispose();
        _writer.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[4096];
        string why = "closed by the peer";
        try
        {
            int length;
            while ((length = await stream.ReadAsync(buffer, _end.Token).ConfigureAwait(false)) > 0)
            {
                onReceived(buffer.AsMemory(0, length));
                await _mayRead.WaitAsync(_end.Token).ConfigureAwait(false);
                // Whoever does not read its answers is not asked for more questions.
                await _writer.WaitUntilFewAsync(_end.Token).ConfigureAwait(false);
            }
        }
        // Of a stream that was closed meanwhile some say that it is disposed of, some that this is no time to read.
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            why = e.Message;
        }
        onLost(why);
    }

    private async Task WriteAsync()
    {
        if (await _writer.RunAsync(_end.Token).ConfigureAwait(false) is { } why)
            onLost(why);
    }
}

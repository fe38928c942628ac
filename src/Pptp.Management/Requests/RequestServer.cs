using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Pptp.Management.Requests;

/// <summary>
/// Answers root and its own user on the state folder's socket, which is its owner's alone. Where there can be no
/// socket the operator is told once, and nothing else suffers.
/// </summary>
/// <param name="answer">
/// Gives the document that answers a request, from any thread; a <see cref="RequestRefusedException"/> is told to who
/// asked.
/// </param>
/// <param name="logger">Is told why there is no socket.</param>
/// <param name="time">The clock.</param>
public sealed partial class RequestServer(
    Func<ManagementRequest, CancellationToken, ValueTask<byte[]>> answer, ILogger logger, TimeProvider time)
    : IDisposable
{
    /// <summary>Answers under way at a time; who comes then waits for one to be over.</summary>
    internal const int MostReaders = 8;

    /// <summary>Those who wait; more are refused at once.</summary>
    private const int Backlog = 64;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>What a reader may take for its request, and what it may take for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait before accepting again when the system has no descriptors left.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _places = new(MostReaders);
    private string? _path;
    private Socket? _socket;
    private bool _isDisposed;

    /// <summary>Listens in this folder from now on, and nowhere else; again, where somebody removed the socket.</summary>
    public void Listen(string folder)
    {
        string path = RequestSocket.PathIn(folder);
        lock (_lock)
        {
            bool isNew = path != _path;
            if (_isDisposed || (!isNew && _socket is not null && File.Exists(path)))
                return;
            Close();
            _path = path;
            try
            {
                _socket = Open(path);
                _ = AcceptAsync(_socket);
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
            {
                if (isNew)
                    Log.NoSocket(logger, path, e.Message);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _stop.Cancel();
            Close();
        }
    }

    private static Socket Open(string path)
    {
        UnixDomainSocketEndPoint endPoint = RequestSocket.EndPointOf(path);
        string folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsLinux() && !Directory.Exists(folder))
            Directory.CreateDirectory(folder, OwnersFolder);
        RemoveStale(path, endPoint);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            // Nobody gets in before it listens.
            if (OperatingSystem.IsLinux())
                File.SetUnixFileMode(path, OwnerOnly);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes the socket of a daemon that was killed.</summary>
    /// <exception cref="IOException">There is a daemon behind it.</exception>
    private static void RemoveStale(string path, UnixDomainSocketEndPoint endPoint)
    {
        if (!File.Exists(path))
            return;
        // Not waiting for one whose queue is full.
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            // What neither takes nor refuses is there.
        }
        throw new IOException("another daemon answers there");
    }

    private void Close()
    {
        // Takes the file away with it.
        _socket?.Dispose();
        _socket = null;
    }

    private async Task AcceptAsync(Socket socket)
    {
        while (true)
        {
            bool hasPlace = false;
            try
            {
                await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
                hasPlace = true;
                Socket reader = await socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                hasPlace = false;
                _ = AnswerAsync(reader, socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (IsOpen(socket))
            {
                await Task.Delay(AcceptPause, time).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                return;
            }
            finally
            {
                if (hasPlace)
                    _places.Release();
            }
        }
    }

    private bool IsOpen(Socket socket)
    {
        lock (_lock)
            return _socket == socket;
    }

    private async Task AnswerAsync(Socket reader, Socket listener)
    {
        try
        {
            using Socket closing = reader;
            ReadOnlyMemory<byte> rest = await HearAsync(reader, listener).ConfigureAwait(false);
            using CancellationTokenSource limit = new(Patience, time);
            while (!rest.IsEmpty)
                rest = rest[await reader.SendAsync(rest, limit.Token).ConfigureAwait(false)..];
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It has gone, or does not ask or read, or the daemon ends.
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<byte[]> HearAsync(Socket reader, Socket listener)
    {
        try
        {
            byte[] line = await ReadLineAsync(reader).ConfigureAwait(false);
            if (!SocketPeer.MayAsk(reader, listener))
                return new Refusal("permission denied: ask as root, or as the user that pptpd runs as").ToJson();
            return await answer(ManagementRequest.Parse(line), _stop.Token).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            return new Refusal($"not understood: {e.Message}").ToJson();
        }
        catch (RequestRefusedException e)
        {
            return new Refusal(e.Message).ToJson();
        }
    }

    /// <summary>To the line end, or to what comes instead of it: the end, or too much.</summary>
    private async Task<byte[]> ReadLineAsync(Socket reader)
    {
        byte[] buffer = new byte[ManagementRequest.MaximumLength];
        using CancellationTokenSource limit = new(Patience, time);
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await reader.ReceiveAsync(buffer.AsMemory(length), limit.Token).ConfigureAwait(false);
            length += read;
            if (buffer.AsSpan(0, length).IndexOf((byte)'\n') is >= 0 and var end)
                return buffer[..end];
            if (read == 0)
                return buffer[..length];
        }
        throw new RequestRefusedException($"a request is a line of at most {ManagementRequest.MaximumLength} octets");
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Path} cannot be had, so pptpd status and why have nobody to ask: {Reason}")]
        public static partial void NoSocket(ILogger logger, string path, string reason);

        [LoggerMessage(LogLevel.Error, "a request could not be answered")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

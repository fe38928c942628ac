using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Pptp.Management.Status;

/// <summary>
/// Answers who asks on the state folder's socket, which is its owner's alone. Where there can be no socket the operator
/// is told once, and nothing else suffers.
/// </summary>
/// <param name="tell">Gives what is told; from any thread.</param>
/// <param name="logger">Is told why there is no socket.</param>
/// <param name="time">The clock.</param>
public sealed partial class StatusServer(Func<StatusDocument> tell, ILogger logger, TimeProvider time) : IDisposable
{
    /// <summary>Answers under way at a time; who comes then waits for one to be over.</summary>
    internal const int MostReaders = 8;

    /// <summary>Those who wait; more are refused at once.</summary>
    private const int Backlog = 64;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>What a reader may take for its answer.</summary>
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
        string path = StatusSocket.PathIn(folder);
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
        UnixDomainSocketEndPoint endPoint = StatusSocket.EndPointOf(path);
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
                _ = AnswerAsync(reader);
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

    private async Task AnswerAsync(Socket reader)
    {
        try
        {
            using Socket closing = reader;
            ReadOnlyMemory<byte> rest = tell().ToJson();
            using CancellationTokenSource limit = new(Patience, time);
            while (!rest.IsEmpty)
                rest = rest[await reader.SendAsync(rest, limit.Token).ConfigureAwait(false)..];
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It has gone, or does not read.
        }
        finally
        {
            _places.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Path} cannot be had, so pptpd status has nobody to ask: {Reason}")]
        public static partial void NoSocket(ILogger logger, string path, string reason);
    }
}

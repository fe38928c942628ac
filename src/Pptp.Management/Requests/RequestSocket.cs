using System.Net.Sockets;
using System.Text;

namespace Pptp.Management.Requests;

/// <summary>
/// The Unix socket in the state folder where the daemon answers: who connects sends one
/// <see cref="ManagementRequest"/>, gets one document as JSON, and then the end.
/// </summary>
public static class RequestSocket
{
    private const string FileName = "pptpd.sock";

    /// <summary>sun_path of Linux without its terminating zero, in octets.</summary>
    private const int LongestPath = 107;

    /// <summary>What the daemon may take for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Asks the daemon of this state folder.</summary>
    /// <returns>Its JSON.</returns>
    /// <exception cref="IOException">Nobody answers; the message says why, with the path.</exception>
    /// <exception cref="RequestRefusedException">The daemon says why it does not.</exception>
    public static async Task<byte[]> AskAsync(
        string folder, ManagementRequest request, CancellationToken cancellation)
    {
        string path = PathIn(folder);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(EndPointOf(path), limit.Token).ConfigureAwait(false);
            using NetworkStream stream = new(socket);
            await stream.WriteAsync(request.ToLine(), limit.Token).ConfigureAwait(false);
            using MemoryStream answer = new();
            await stream.CopyToAsync(answer, limit.Token).ConfigureAwait(false);
            byte[] json = answer.ToArray();
            return Refusal.ErrorOf(json) is { } error ? throw new RequestRefusedException(error) : json;
        }
        catch (IOException e) when (e.InnerException is SocketException inner)
        {
            throw new IOException($"{path}: {WhyNot(path, inner)}", inner);
        }
        catch (SocketException e)
        {
            throw new IOException($"{path}: {WhyNot(path, e)}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"{path}: no answer in time", e);
        }
    }

    /// <exception cref="IOException">The path is too long for a socket.</exception>
    internal static UnixDomainSocketEndPoint EndPointOf(string path) => Encoding.UTF8.GetByteCount(path) <= LongestPath
        ? new(path)
        : throw new IOException($"{path}: is too long for a socket, which takes {LongestPath} bytes");

    private static string WhyNot(string path, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "no daemon answers",
        SocketError.AccessDenied => "permission denied: ask as root, or as the user that pptpd runs as",
        _ when !File.Exists(path) => "no daemon answers: there is no such socket",
        _ => e.Message,
    };
}

using System.Buffers.Binary;
using System.Net.Sockets;

namespace Pptp.Linux;

/// <summary>
/// Says for as long as it is held that this process works in its network namespace, so that no second one takes what
/// it finds there for leftovers. An abstract Unix socket: it belongs to the namespace, and ends with its process.
/// </summary>
public sealed class NamespaceClaim : IDisposable
{
    private const int SolSocket = 1;
    private const int PeerCredentials = 17;

    /// <summary>struct ucred: pid, uid, gid.</summary>
    private const int CredentialsLength = 12;

    private readonly Socket? _socket;

    private NamespaceClaim(Socket? socket) => _socket = socket;

    /// <summary>Claims the namespace of this thread.</summary>
    /// <param name="name">What for.</param>
    /// <param name="holder">The process that has the claim; 0 where it is in another PID namespace.</param>
    /// <returns>Null: another process of root or of this user has it. Somebody else's claim counts for nothing.</returns>
    /// <exception cref="SocketException">The kernel refused a socket.</exception>
    public static NamespaceClaim? TryTake(string name, out int holder)
    {
        holder = 0;
        // The zero before the name makes it an abstract one (unix(7)).
        UnixDomainSocketEndPoint endPoint = new($"\0{name}");
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            socket.Listen();
            return new NamespaceClaim(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return IsOurs(endPoint, out holder) ? null : new NamespaceClaim(null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static bool IsOurs(UnixDomainSocketEndPoint endPoint, out int holder)
    {
        holder = 0;
        // Not waiting for one who accepts nobody.
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.WouldBlock)
        {
            // Bound and not listening, or not letting us in: none of ours does that.
            return false;
        }
        Span<byte> credentials = stackalloc byte[CredentialsLength];
        probe.GetRawSocketOption(SolSocket, PeerCredentials, credentials);
        holder = BinaryPrimitives.ReadInt32LittleEndian(credentials);
        uint user = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
        return user == 0 || user == Tmds.Linux.LibC.geteuid();
    }
}

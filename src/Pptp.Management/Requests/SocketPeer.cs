using System.Net.Sockets;

namespace Pptp.Management.Requests;

/// <summary>Who is at the other end of a Unix socket, as the kernel has it (SO_PEERCRED).</summary>
internal static class SocketPeer
{
    private const int SolSocket = 1;
    private const int SoPeerCredentials = 17;

    /// <summary>struct ucred: process, user and group, each an int.</summary>
    private const int CredentialsLength = 12;

    private const uint Root = 0;

    /// <summary>Whether it is root, or the user who listens.</summary>
    /// <param name="listener">A listening socket has the credentials of who had it listen.</param>
    public static bool MayAsk(Socket reader, Socket listener) =>
        UserOf(reader) is var user && (user == Root || user == UserOf(listener));

    private static uint UserOf(Socket socket)
    {
        byte[] credentials = new byte[CredentialsLength];
        socket.GetRawSocketOption(SolSocket, SoPeerCredentials, credentials);
        return BitConverter.ToUInt32(credentials, sizeof(int));
    }
}

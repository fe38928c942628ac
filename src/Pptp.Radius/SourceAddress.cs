using System.Net;
using System.Net.Sockets;

namespace Pptp.Radius;

/// <summary>Which of our addresses the way to a server has.</summary>
internal static class SourceAddress
{
    /// <param name="server">Where to.</param>
    /// <param name="configured">The address that was asked for; null: any.</param>
    /// <returns>Null: there is no way now.</returns>
    public static IPAddress? Find(IPEndPoint server, IPAddress? configured)
    {
        if (configured is not null)
            return configured;
        try
        {
            // Nothing is sent: the system only looks for the way.
            using Socket socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(server);
            return (socket.LocalEndPoint as IPEndPoint)?.Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>All tunnels lead to the same address, so a socket says by which it goes.</summary>
internal static class SourceRouting
{
    private const int SolSocket = 1;
    private const int BindToDevice = 25;

    public static void BindToTunnel(Socket socket, int tunnel) => socket.SetRawSocketOption(
        SolSocket, BindToDevice, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"t{tunnel}")));
}

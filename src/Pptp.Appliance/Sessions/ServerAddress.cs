using System.Net;
using System.Net.Sockets;

namespace Pptp.Appliance.Sessions;

/// <summary>The <c>connect-to</c> of a client: an address, or a name that is looked up anew each time.</summary>
/// <param name="connectTo">As configured.</param>
/// <param name="lookups">Held during a lookup, each of which blocks a thread: there may be thousands of clients.</param>
internal sealed class ServerAddress(string connectTo, SemaphoreSlim lookups)
{
    private int _attempts;

    /// <summary>Where a name has several addresses, each attempt takes the next.</summary>
    /// <exception cref="SocketException">There is no such name, or no name server answers.</exception>
    public async Task<IPAddress> ResolveAsync(CancellationToken cancellation)
    {
        if (IPAddress.TryParse(connectTo, out IPAddress? address))
            return address;
        await lookups.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(connectTo, AddressFamily.InterNetwork, cancellation)
                .ConfigureAwait(false);
            return found.Length > 0
                ? found[_attempts++ % found.Length]
                : throw new SocketException((int)SocketError.NoData);
        }
        finally
        {
            lookups.Release();
        }
    }
}

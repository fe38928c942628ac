using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Pptp.Model;

/// <summary>The <c>caller-id</c> of a secret: an IPv4 address the client must call from, or (ours) a network.</summary>
public static class CallerId
{
    /// <summary>Whether a client may call from an address. A caller-id that is no address lets nobody in.</summary>
    public static bool Allows(string callerId, IPAddress address) =>
        TryParse(callerId, out IPNetwork network) && network.Contains(address);

    /// <summary>A single address is a network of 32 bits.</summary>
    internal static bool TryParse([NotNullWhen(true)] string? callerId, out IPNetwork network)
    {
        if (callerId is not null && !callerId.Contains('/'))
            callerId += "/32";
        return IPNetwork.TryParse(callerId, out network)
            && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
    }
}

using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>An IPv6 prefix in use; free again when disposed.</summary>
/// <param name="prefix">What the client is told.</param>
/// <param name="isShared">Whether another session has it as well.</param>
/// <param name="release">Gives it back.</param>
internal sealed class PrefixLease(Ipv6Prefix prefix, bool isShared, Action? release) : IDisposable
{
    private Action? _release = release;

    /// <summary>What the client is told to make its address in.</summary>
    public Ipv6Prefix Prefix => prefix;

    /// <summary>
    /// The addresses that are this client's: the whole prefix, or where others have it as well, the one address of it
    /// with the identifier that was agreed with the client, which is the one that it makes of them (RFC 5072 §5).
    /// </summary>
    public Ipv6Prefix OfClient(ulong identifier) => isShared && prefix.Length <= Ipv6Prefix.SubnetLength
        ? new Ipv6Prefix(prefix.Network | identifier, Ipv6Prefix.LongestLength)
        : prefix;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

using System.Net;

namespace Pptp.Appliance.Addressing;

/// <summary>An address in use; free again when disposed.</summary>
internal sealed class AddressLease(IPAddress address, Action? release) : IDisposable
{
    private Action? _release = release;

    public IPAddress Address { get; } = address;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

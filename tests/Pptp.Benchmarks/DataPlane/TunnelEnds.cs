using System.Net;
using Pptp.Testing;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>
/// Two network namespaces, a cable between them, and tunnels through it from the near one to the far one. Who makes
/// the tunnels, derives from this.
/// </summary>
internal abstract class TunnelEnds : IDisposable
{
    /// <summary>The far end's address in every tunnel.</summary>
    public static readonly IPAddress Gateway = IPAddress.Parse("10.9.0.1");

    protected static readonly IPAddress FarWire = IPAddress.Parse("192.0.2.1");
    protected static readonly IPAddress NearWire = IPAddress.Parse("192.0.2.2");

    protected TunnelEnds()
    {
        Far = new NetworkNamespace();
        Near = new NetworkNamespace();
        NetworkNamespace.Connect(Far, "wire", $"{FarWire}", Near, "wire", $"{NearWire}");
    }

    /// <summary>The server's side.</summary>
    public NetworkNamespace Far { get; }

    /// <summary>The side that dials.</summary>
    public NetworkNamespace Near { get; }

    /// <summary>The near end's address in a tunnel.</summary>
    public static IPAddress AddressOf(int tunnel) => new([10, 9, (byte)(1 + (tunnel / 250)), (byte)(1 + (tunnel % 250))]);

    /// <summary>Processor time so far of what carries packets at the near end: TUN to GRE, when the near end sends.</summary>
    public abstract TimeSpan NearTime { get; }

    /// <summary>Likewise at the far end.</summary>
    public abstract TimeSpan FarTime { get; }

    public void Dispose()
    {
        Stop();
        Near.Dispose();
        Far.Dispose();
    }

    protected abstract void Stop();
}

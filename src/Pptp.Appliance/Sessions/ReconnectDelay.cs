using System.Buffers.Binary;
using Pptp.Protocol;

namespace Pptp.Appliance.Sessions;

/// <summary>
/// How long to wait before a server is dialled again: not at all at first, then a second, growing to a minute. Each wait
/// is between half and the whole of that, so that many clients of one server do not come back at one instant.
/// </summary>
internal sealed class ReconnectDelay(IRandomSource random)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>A tunnel that has lasted so long was a good one: the next is dialled at once again.</summary>
    public static readonly TimeSpan Steady = TimeSpan.FromSeconds(30);

    private TimeSpan _next;

    /// <param name="uptime">How long the tunnel carried IP; null: it never did.</param>
    public TimeSpan Next(TimeSpan? uptime)
    {
        if (uptime >= Steady)
            _next = TimeSpan.Zero;
        TimeSpan whole = _next;
        TimeSpan doubled = 2 * whole;
        _next = whole == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : doubled < Longest ? doubled : Longest;
        Span<byte> bytes = stackalloc byte[2];
        random.Fill(bytes);
        return whole * (0.5 + (BinaryPrimitives.ReadUInt16BigEndian(bytes) / (2.0 * ushort.MaxValue)));
    }
}

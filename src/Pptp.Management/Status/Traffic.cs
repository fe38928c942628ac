using System.Globalization;
using Pptp.Appliance;
using Pptp.Appliance.DataPlane;
using Row = System.Collections.Generic.OrderedDictionary<string, string>;

namespace Pptp.Management.Status;

/// <summary>What tunnels have carried, and what they carry in a second: RouterOS' names for both.</summary>
internal sealed class Traffic
{
    private readonly Dictionary<string, DataPathCounters> _clientsBefore;
    private readonly Dictionary<string, DataPathCounters> _sessionsBefore;
    private readonly TimeSpan _elapsed;

    public Traffic(StatusSnapshot now, StatusSnapshot? before)
    {
        _elapsed = before is null ? TimeSpan.Zero : now.At - before.At;
        _clientsBefore = before?.Clients.Where(client => client.Running)
            .ToDictionary(client => client.Name, client => client.Counters) ?? [];
        // For an instant a name may be that of one who leaves and of one who comes.
        _sessionsBefore = before?.Sessions.DistinctBy(session => session.Name)
            .ToDictionary(session => session.Name, session => session.Counters) ?? [];
    }

    public void Put(Row row, PptpClientStatus client) => Put(row, client.Name, client.Counters, _clientsBefore);

    public void Put(Row row, PptpSessionStatus session) => Put(row, session.Name, session.Counters, _sessionsBefore);

    private void Put(Row row, string name, DataPathCounters now, Dictionary<string, DataPathCounters> before)
    {
        row[StatusKey.RxByte] = Text(now.RxBytes);
        row[StatusKey.TxByte] = Text(now.TxBytes);
        row[StatusKey.RxPacket] = Text(now.RxPackets);
        row[StatusKey.TxPacket] = Text(now.TxPackets);
        // Another tunnel by the same name has begun to count anew.
        if (_elapsed <= TimeSpan.Zero || !before.TryGetValue(name, out DataPathCounters then)
            || then.RxBytes > now.RxBytes || then.TxBytes > now.TxBytes)
        {
            return;
        }
        row[StatusKey.RxBitsPerSecond] = Text(BitsPerSecond(now.RxBytes - then.RxBytes));
        row[StatusKey.TxBitsPerSecond] = Text(BitsPerSecond(now.TxBytes - then.TxBytes));
    }

    private long BitsPerSecond(long bytes) => (long)(8 * bytes / _elapsed.TotalSeconds);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

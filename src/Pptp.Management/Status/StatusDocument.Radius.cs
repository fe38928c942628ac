using System.Globalization;
using System.Text.Json.Serialization;
using Pptp.Appliance;
using Pptp.Model;
using Row = System.Collections.Generic.OrderedDictionary<string, string>;

namespace Pptp.Management.Status;

/// <content>The servers that users and accounting are at.</content>
public sealed partial record StatusDocument
{
    /// <summary><c>/radius</c>, each row with its <c>monitor</c>; null: there are no rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Row>? Radius { get; init; }

    /// <summary><c>/radius incoming monitor</c>; null: nobody may ask for anything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Row? RadiusIncoming { get; init; }

    /// <summary>Reports that no server has taken yet; null: none waits. Ours.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Row? Accounting { get; init; }

    private static Row RowOf(RadiusServer server, RadiusServerStatus? status)
    {
        Row row = Configured(Menus.Radius, server);
        Put(row, StatusKey.Status, status is null ? "not asked" : status.IsAlive ? "alive" : "dead");
        if (status is null)
            return row;
        Put(row, StatusKey.Pending, status.Pending);
        Put(row, StatusKey.Requests, status.Requests);
        Put(row, StatusKey.Accepts, status.Accepts);
        Put(row, StatusKey.Rejects, status.Rejects);
        Put(row, StatusKey.Resends, status.Resends);
        Put(row, StatusKey.Timeouts, status.Timeouts);
        Put(row, StatusKey.BadReplies, status.BadReplies);
        if (status.LastRequestRtt is { } rtt)
            row[StatusKey.LastRequestRtt] = string.Create(CultureInfo.InvariantCulture, $"{rtt.TotalMilliseconds:0}ms");
        return row;
    }

    private static Row RowOf(RadiusIncomingStatus status)
    {
        Row row = [];
        Put(row, StatusKey.Requests, status.Requests);
        Put(row, StatusKey.BadRequests, status.BadRequests);
        Put(row, StatusKey.Acks, status.Acks);
        Put(row, StatusKey.Naks, status.Naks);
        return row;
    }

    private static Row? RowOf(AccountingStatus status)
    {
        if (status is { Waiting: 0, Trouble: null })
            return null;
        Row row = [];
        Put(row, StatusKey.Waiting, status.Waiting);
        Put(row, StatusKey.Oldest, status.Oldest);
        if (status.Trouble is { } trouble)
            row[StatusKey.NotOnDisk] = trouble;
        return row;
    }
}

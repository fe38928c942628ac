using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pptp.Appliance;
using Pptp.Appliance.DataPlane;
using Pptp.Model;
using Pptp.Model.Vocabulary;
using Row = System.Collections.Generic.OrderedDictionary<string, string>;

namespace Pptp.Management.Status;

/// <summary>
/// What is to be told of the tunnels, and of the RADIUS servers: the rows of RouterOS' menus. A row has names and texts as RouterOS has
/// them, in the order of its <c>print</c> and then of its <c>monitor</c>; what says nothing is left out.
/// </summary>
public sealed partial record StatusDocument
{
    /// <summary><c>/interface pptp-client</c>: the tunnels we dial.</summary>
    public IReadOnlyList<Row> PptpClient { get; init; } = [];

    /// <summary><c>/interface pptp-server</c>: interfaces that always stand, then those who have dialled in.</summary>
    public IReadOnlyList<Row> PptpServer { get; init; } = [];

    /// <summary>What all tunnels together have done since the start; null: nothing is known of it. Ours.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Row? DataPlane { get; init; }

    [JsonIgnore]
    public bool IsEmpty => PptpClient.Count + PptpServer.Count == 0;

    /// <summary>Whether one of them carries packets.</summary>
    [JsonIgnore]
    public bool IsRunning => PptpClient.Concat(PptpServer).Any(row => Is(row, StatusKey.Running));

    /// <summary>Passwords are masked here: they never leave the daemon.</summary>
    /// <param name="snapshot">What is told.</param>
    /// <param name="before">The same a moment earlier, which gives rates; null: none are told.</param>
    public static StatusDocument Of(StatusSnapshot snapshot, StatusSnapshot? before = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        PptpConfiguration configuration = snapshot.Configuration;
        Dictionary<string, PptpClientStatus> clientsByName = snapshot.Clients.ToDictionary(client => client.Name);
        Traffic traffic = new(snapshot, before);
        Row Dialled(PptpClient client) => RowOf(client, clientsByName.GetValueOrDefault(client.Name), traffic);
        IReadOnlyList<PptpSessionStatus> sessions = snapshot.Sessions;
        ILookup<string, PptpSessionStatus> sessionsByName = sessions.ToLookup(session => session.Name);
        HashSet<string> standing = [.. configuration.ServerInterfaces.Select(row => row.Name)];
        return new()
        {
            PptpClient = [.. configuration.Clients.Select(Dialled)],
            PptpServer =
            [
                .. configuration.ServerInterfaces.Select(
                    row => RowOf(row, sessionsByName[row.Name].FirstOrDefault(), traffic)),
                .. sessions.Where(session => !standing.Contains(session.Name)).Select(session => RowOf(session, traffic)),
            ],
            Radius = configuration.Radius.Count == 0
                ? null
                : [.. configuration.Radius.Select(
                    server => RowOf(server, snapshot.Radius.FirstOrDefault(status => status.Row == server)))],
            RadiusIncoming = configuration.RadiusIncoming.Accept ? RowOf(snapshot.RadiusIncoming) : null,
            Accounting = RowOf(snapshot.Accounting),
            DataPlane = snapshot.DataPlane is { } statistics ? RowOf(statistics) : null,
        };
    }

    /// <exception cref="JsonException">It is not what <see cref="ToJson"/> gives.</exception>
    public static StatusDocument Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, StatusJson.Readable.StatusDocument) ?? new();

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, StatusJson.Readable.StatusDocument);

    /// <summary>What concerns one interface.</summary>
    /// <param name="name">RouterOS' name of it, or that of Linux.</param>
    public StatusDocument Only(string name) => new()
    {
        PptpClient = [.. PptpClient.Where(row => IsNamed(row, name))],
        PptpServer = [.. PptpServer.Where(row => IsNamed(row, name))],
    };

    /// <summary>Whether a row says yes to something.</summary>
    internal static bool Is(Row row, string key) => row.GetValueOrDefault(key) == Word(true);

    private static bool IsNamed(Row row, string name) =>
        row.GetValueOrDefault(StatusKey.Name) == name || row.GetValueOrDefault(StatusKey.Interface) == name;

    private static Row RowOf(PptpClient client, PptpClientStatus? status, Traffic traffic)
    {
        Row row = Configured(Menus.PptpClient, client);
        row[StatusKey.Running] = Word(status is { Running: true });
        // One that was configured a moment ago has not been begun.
        Put(row, StatusKey.Status, status?.Status ?? (client.Disabled ? "disabled" : "initializing"));
        Put(row, StatusKey.Uptime, status?.Uptime);
        Put(row, StatusKey.Encoding, status?.Encoding);
        Put(row, StatusKey.Mtu, status?.Mtu);
        Put(row, StatusKey.Mru, status?.Mru);
        Put(row, StatusKey.LocalAddress, status?.LocalAddress);
        Put(row, StatusKey.RemoteAddress, status?.RemoteAddress);
        Put(row, StatusKey.LocalIpv6Address, status?.LocalIpv6Address);
        Put(row, StatusKey.RemoteIpv6Address, status?.RemoteIpv6Address);
        if (status is { Running: true })
            traffic.Put(row, status);
        return row;
    }

    private static Row RowOf(PptpServerInterface standing, PptpSessionStatus? session, Traffic traffic)
    {
        Row row = Configured(Menus.PptpServerInterface, standing);
        Put(row, StatusKey.Interface, standing.Name);
        row[StatusKey.Dynamic] = Word(false);
        row[StatusKey.Running] = Word(session is not null);
        if (session is not null)
            PutSession(row, session, traffic);
        return row;
    }

    private static Row RowOf(DataPlaneStatistics statistics)
    {
        Row row = [];
        Put(row, StatusKey.Sent, statistics.Sent);
        Put(row, StatusKey.SendCalls, statistics.SendCalls);
        Put(row, StatusKey.Written, statistics.Written);
        Put(row, StatusKey.Coalesced, statistics.Coalesced);
        Put(row, StatusKey.Allocated, statistics.Allocated);
        Put(row, StatusKey.Collections, statistics.Collections);
        Put(row, StatusKey.UnknownCalls, statistics.UnknownCalls);
        Put(row, StatusKey.KernelDrops, statistics.KernelDrops);
        return row;
    }

    private static Row RowOf(PptpSessionStatus session, Traffic traffic)
    {
        Row row = new()
        {
            [StatusKey.Name] = session.Name,
            [StatusKey.User] = session.User,
            [StatusKey.Interface] = session.Interface,
            [StatusKey.Dynamic] = Word(session.IsDynamic),
            [StatusKey.Running] = Word(true),
        };
        PutSession(row, session, traffic);
        return row;
    }

    private static void PutSession(Row row, PptpSessionStatus session, Traffic traffic)
    {
        Put(row, StatusKey.Mtu, session.Mtu);
        Put(row, StatusKey.Mru, session.Mru);
        Put(row, StatusKey.Mrru, session.Mrru);
        Put(row, StatusKey.ClientAddress, session.ClientAddress);
        Put(row, StatusKey.Uptime, session.Uptime);
        Put(row, StatusKey.Encoding, session.Encoding);
        Put(row, StatusKey.LocalAddress, session.LocalAddress);
        Put(row, StatusKey.RemoteAddress, session.RemoteAddress);
        Put(row, StatusKey.LocalIpv6Address, session.LocalIpv6Address);
        Put(row, StatusKey.RemoteIpv6Address, session.RemoteIpv6Address);
        Put(row, StatusKey.RateLimit, session.RateLimit?.ToString());
        traffic.Put(row, session);
    }

    private static Row Configured<TRow>(MenuDefinition<TRow> menu, TRow configured)
    {
        Row row = [];
        foreach (PropertyDefinition<TRow> property in menu.Properties.Where(property => !property.IsReadOnly))
            Put(row, property.Name, property.IsSensitive ? SecretValue.Mask : property.Format(configured));
        return row;
    }

    private static string Word(bool value) => value ? "yes" : "no";

    private static void Put(Row row, string key, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            row[key] = text;
    }

    private static void Put(Row row, string key, long? number) =>
        Put(row, key, number?.ToString(CultureInfo.InvariantCulture));

    private static void Put(Row row, string key, IPAddress? address) => Put(row, key, address?.ToString());

    private static void Put(Row row, string key, TimeSpan? duration) =>
        Put(row, key, duration is { } value ? RouterOsText.Duration(value) : null);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Pptp.Testing.Serving;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>pptpd at both ends: a server, and a daemon that dials it for each tunnel.</summary>
internal sealed class DaemonEnds : TunnelEnds
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"pptpd-benchmark-{Guid.NewGuid():N}");
    private ServerProcess? _server;
    private ServerProcess? _client;

    /// <summary>Dials and waits until all tunnels are up.</summary>
    /// <param name="tunnels">How many.</param>
    /// <param name="encrypted">With MPPE, or without.</param>
    /// <param name="greSocket">As the property has it.</param>
    public DaemonEnds(int tunnels, bool encrypted, string greSocket = "raw")
    {
        Directory.CreateDirectory(Path.Combine(_folder, "server"));
        try
        {
            Start(tunnels, encrypted, $"gre-socket = \"{greSocket}\"");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override TimeSpan NearTime => SchedulerTime.Of(_client!.ProcessId);

    public override TimeSpan FarTime => SchedulerTime.Of(_server!.ProcessId);

    private string ServerFile => Path.Combine(_folder, "server", "pptpd.toml");

    private string ClientFile => Path.Combine(_folder, "client.toml");

    /// <summary>Counters of the data planes, of the near end and of the far end, by name.</summary>
    public (IReadOnlyDictionary<string, long> Near, IReadOnlyDictionary<string, long> Far) Counters() =>
        (CountersOf(ClientFile), CountersOf(ServerFile));

    private static Dictionary<string, long> CountersOf(string file)
    {
        (_, string output) = DaemonQuery.Run(file, "status", "--json");
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("data-plane").EnumerateObject().ToDictionary(
            property => property.Name, property => long.Parse(property.Value.GetString()!, CultureInfo.InvariantCulture));
    }

    protected override void Stop()
    {
        _client?.Stop(TimeSpan.FromSeconds(60));
        _client?.Dispose();
        _server?.Stop(TimeSpan.FromSeconds(60));
        _server?.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private void Start(int tunnels, bool encrypted, string system)
    {
        string encryption = encrypted ? "required" : "no";
        StringBuilder secrets = new();
        StringBuilder entries = new();
        for (int i = 0; i < tunnels; i++)
        {
            secrets.Append(ServerConfiguration.Secret($"t{i}", "tunnel", $"remote-address = \"{AddressOf(i)}\""));
            // The host route to the gateway would be the same in each: traffic picks its tunnel by source address.
            entries.Append($"""

                [[pptp-client]]
                name = "t{i}"
                connect-to = "{FarWire}"
                user = "t{i}"
                password = "{ServerConfiguration.PasswordOf($"t{i}")}"
                profile = "bench"
                keepalive-timeout = 3600
                disabled = false

                """);
        }
        new ServerConfiguration
        {
            Keepalive = 3600,
            SystemExtra = system,
            Encryption = encryption,
            Extra = secrets.ToString(),
            ServerExtra = "connection-limit = \"none\"\nconnection-limit-network = \"none\"\nmax-starting = 4096",
        }.WriteTo(ServerFile);
        File.WriteAllText(ClientFile, $"""
            [system]
            state-folder = "{Path.Combine(_folder, "client-state")}"
            {system}

            [[ppp-profile]]
            name = "bench"
            use-encryption = "{encryption}"
            {entries}
            """);
        File.SetUnixFileMode(ClientFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _server = ServerProcess.Start(ServerFile, Far);
        _client = ServerProcess.Start(
            [.. Repository.DaemonCommand(), "run", "--config", ClientFile], Near, "initializing...");
        _client.Log.WaitFor(": connected", Limit, tunnels);
        _server.Log.WaitFor(": connected", Limit, tunnels);
    }
}

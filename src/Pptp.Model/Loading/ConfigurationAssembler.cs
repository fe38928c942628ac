using Pptp.Model.Vocabulary;

namespace Pptp.Model.Loading;

/// <summary>Puts the tables of all files together into one configuration.</summary>
internal sealed class ConfigurationAssembler
{
    private readonly FindingList _findings;
    private readonly MenuRows<SystemSettings> _system = new(Menus.System);
    private readonly MenuRows<PptpServerSettings> _server = new(Menus.PptpServer);
    private readonly MenuRows<IpPool> _pools = new(Menus.IpPool);
    private readonly MenuRows<Ipv6Pool> _ipv6Pools = new(Menus.Ipv6Pool);
    private readonly MenuRows<FirewallChain> _chains = new(Menus.FirewallChain);
    private readonly MenuRows<PppProfile> _profiles = new(Menus.PppProfile);
    private readonly MenuRows<PppSecret> _secrets = new(Menus.PppSecret);
    private readonly MenuRows<PppAaaSettings> _aaa = new(Menus.PppAaa);
    private readonly MenuRows<RadiusServer> _radius = new(Menus.Radius);
    private readonly MenuRows<RadiusIncomingSettings> _radiusIncoming = new(Menus.RadiusIncoming);
    private readonly MenuRows<PptpServerInterface> _interfaces = new(Menus.PptpServerInterface);
    private readonly MenuRows<PptpClient> _clients = new(Menus.PptpClient);
    private readonly Dictionary<string, MenuRows> _byTable;
    private FileFindings? _main;
    private bool _isComplete = true;

    internal ConfigurationAssembler(FindingList findings)
    {
        _findings = findings;
        _byTable = new MenuRows[]
            {
                _system, _server, _pools, _ipv6Pools, _chains, _profiles, _secrets, _aaa, _radius,
                _radiusIncoming, _interfaces, _clients,
            }
            .ToDictionary(rows => rows.Menu.Table, StringComparer.Ordinal);
    }

    /// <summary>Adds a file; the main one first.</summary>
    internal void Add(ConfigurationDocument document)
    {
        bool isMain = _main is null;
        _main ??= document.Findings;
        _isComplete &= document.IsComplete;
        foreach (ConfigurationEntry entry in document.Root)
        {
            if (entry.Key != ConfigurationFiles.IncludeKey)
            {
                document.Findings.Error(entry.Position, TomlText.Escape(entry.Key), DescribeStray(entry.Key));
            }
            else if (!isMain)
            {
                document.Findings.Error(entry.Position, entry.Key, "only the main file may include others");
            }
        }

        Dictionary<string, SourcePosition> singletons = new(StringComparer.Ordinal);
        foreach (ConfigurationTable table in document.Tables)
        {
            AddTable(document.Findings, table, singletons);
        }
    }

    /// <summary>The configuration, or null when anything was found that is an error.</summary>
    internal PptpConfiguration? Assemble(
        Func<PptpConfiguration, IReadOnlyList<FirewallComplaint>>? checkFirewall = null)
    {
        LoadedConfiguration loaded = new()
        {
            Main = _main!,
            System = _system.Single(_main!),
            Server = _server.Single(_main!),
            Pools = _pools.Rows,
            Ipv6Pools = _ipv6Pools.Rows,
            Chains = _chains.Rows,
            Profiles = _profiles.Rows,
            Secrets = _secrets.Rows,
            Aaa = _aaa.Single(_main!),
            Radius = _radius.Rows,
            RadiusIncoming = _radiusIncoming.Single(_main!),
            Interfaces = _interfaces.Rows,
            Clients = _clients.Rows,
        };
        foreach (MenuRows rows in _byTable.Values)
        {
            rows.WarnOfIneffective();
        }

        // What refers to a row of a file that was not understood would be blamed for nothing.
        if (_isComplete)
        {
            ReadPasswords(loaded);
            NameChecks.Check(loaded);
            ServerChecks.Check(loaded);
            PoolChecks.Check(loaded);
            Ipv6Checks.Check(loaded);
            FirewallChecks.Check(loaded);
            ProfileChecks.Check(loaded);
            HookChecks.Check(loaded);
            SecretChecks.Check(loaded, _findings);
            RadiusChecks.Check(loaded);
            ClientChecks.Check(loaded);
        }

        if (_findings.HasErrors)
        {
            return null;
        }

        PptpConfiguration configuration = Configuration(loaded);
        FirewallChecks.Report(loaded, checkFirewall?.Invoke(configuration) ?? []);
        return _findings.HasErrors ? null : configuration;
    }

    private static PptpConfiguration Configuration(LoadedConfiguration loaded) => new()
    {
        System = loaded.System.Value,
        PptpServer = loaded.Server.Value,
        Pools = [.. loaded.Pools.Select(row => row.Value)],
        Ipv6Pools = [.. loaded.Ipv6Pools.Select(row => row.Value)],
        FirewallChains = [.. loaded.Chains.Select(row => row.Value)],
        Profiles = [.. loaded.Profiles.Select(row => row.Value)],
        Secrets = [.. loaded.Secrets.Select(row => row.Value)],
        PppAaa = loaded.Aaa.Value,
        Radius = [.. loaded.Radius.Select(row => row.Value)],
        RadiusIncoming = loaded.RadiusIncoming.Value,
        ServerInterfaces = [.. loaded.Interfaces.Select(row => row.Value)],
        Clients = [.. loaded.Clients.Select(row => row.Value)],
    };

    private void ReadPasswords(LoadedConfiguration loaded)
    {
        const string Password = PppSecretMenu.PasswordName;
        const string Secret = RadiusMenu.SecretName;
        PasswordFiles files = new(_findings);
        files.Read(loaded.Secrets, Password, row => row.Password, (row, value) => row with { Password = value });
        files.Read(loaded.Clients, Password, row => row.Password, (row, value) => row with { Password = value });
        files.Read(loaded.Radius, Secret, row => row.Secret, (row, value) => row with { Secret = value });
        files.Read([loaded.RadiusIncoming], Secret, row => row.Secret, (row, value) => row with { Secret = value });
    }

    private void AddTable(
        FileFindings findings, ConfigurationTable table, Dictionary<string, SourcePosition> singletons)
    {
        string name = TomlText.Escape(table.Name);
        if (!_byTable.TryGetValue(table.Name, out MenuRows? rows))
        {
            findings.Error(table.Position, name, Menus.Planned.Contains(table.Name)
                ? "this version does not have this table yet"
                : UnknownName.Describe("table", table.Name, _byTable.Keys.Concat(Menus.Planned)));
            return;
        }

        if (table.IsArray != (rows.Menu.Kind == MenuKind.Table))
        {
            string wrong = table.IsArray ? $"[[{name}]]" : $"[{name}]";
            findings.Error(table.Position, name, $"is written {rows.Menu.Header}, not {wrong}");
        }
        else if (!table.IsArray && !singletons.TryAdd(table.Name, table.Position))
        {
            findings.Error(
                table.Position, name, $"stands twice in the file, first on line {singletons[table.Name].Line}");
            return;
        }

        rows.Add(findings, table);
    }

    private string DescribeStray(string key)
    {
        string table = key.Split('.')[0];
        return _byTable.TryGetValue(table, out MenuRows? rows)
            ? $"is written as a table of its own: {rows.Menu.Header}"
            : UnknownName.Describe(
                "key before the first table", key, _byTable.Keys.Append(ConfigurationFiles.IncludeKey));
    }
}

using Pptp.Appliance.Interfaces;
using Pptp.Model;

namespace Pptp.Appliance.Sessions;

/// <summary>The tunnels we dial, each its <see cref="ClientSession"/>.</summary>
internal sealed class Dialer(TunnelServices services, IClientInterfaces interfaces) : IDisposable
{
    private const int MostLookups = 16;

    /// <summary>Between the first attempts of many clients: a server with many of them is to get through.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _lookups = new(MostLookups);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ClientSession> _sessions = new(StringComparer.Ordinal);
    private readonly List<ClientSession> _ending = [];
    private IReadOnlyList<PptpClient> _clients = [];

    /// <summary>One for each client that is configured, in that order.</summary>
    public IReadOnlyList<PptpClientStatus> Statuses
    {
        get
        {
            lock (_lock)
                return [.. _clients.Select(StatusOf)];
        }
    }

    /// <summary>
    /// Dials what is new or has changed, hangs up what is no longer wanted; a tunnel whose entry and profile mean the same
    /// as before goes on.
    /// </summary>
    public void Apply(PptpConfiguration configuration)
    {
        lock (_lock)
        {
            _clients = configuration.Clients;
            Dictionary<string, ClientSettings> wanted = _clients
                .Where(client => !client.Disabled)
                .ToDictionary(client => client.Name, client => ClientSettings.Resolve(configuration, client));
            foreach ((string name, ClientSession session) in _sessions)
            {
                if (!wanted.TryGetValue(name, out ClientSettings? settings))
                    Retire(session, "disabled");
                else if (settings != session.Settings)
                    Retire(session, "settings changed");
            }
            Forget();
            TimeSpan delay = TimeSpan.Zero;
            foreach ((string name, ClientSettings settings) in wanted)
            {
                if (_sessions.ContainsKey(name))
                    continue;
                // The interface's name is free when the one before is gone.
                Task before = Task.WhenAll(_ending.Where(other => other.Settings.Client.Name == name).Select(other => other.Ended));
                ClientSession session = new(settings, services, interfaces, _lookups);
                _sessions.Add(name, session);
                session.Start(before, delay);
                delay += Spacing;
            }
        }
    }

    /// <summary>Hangs up one tunnel, which is dialled again then.</summary>
    /// <returns>False: there is none of this name.</returns>
    public bool TryHangUp(string name, string reason)
    {
        lock (_lock)
            return _sessions.TryGetValue(name, out ClientSession? session) && session.TryHangUp(reason);
    }

    /// <summary>Hangs up everywhere and waits for it.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            foreach (ClientSession session in _sessions.Values)
                Retire(session, "client is shutting down");
            return Task.WhenAll(_ending.Select(session => session.Ended));
        }
    }

    /// <summary>To be called after <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
            Forget();
        _lookups.Dispose();
    }

    private PptpClientStatus StatusOf(PptpClient client) =>
        _sessions.TryGetValue(client.Name, out ClientSession? session)
            ? session.Status
            : new PptpClientStatus { Name = client.Name, Status = "disabled" };

    private void Forget()
    {
        foreach (ClientSession session in _ending.Where(session => session.Ended.IsCompleted).ToList())
        {
            _ending.Remove(session);
            session.Dispose();
        }
    }

    private void Retire(ClientSession session, string reason)
    {
        _sessions.Remove(session.Settings.Client.Name);
        _ending.Add(session);
        session.Stop(reason);
    }
}

using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Pptp.Linux;
using Pptp.Model;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Keeps the name servers of the tunnels that are up in the host's resolv.conf, before or instead of its own. Others
/// may edit the file meanwhile: what we take out again is ours alone.
/// </summary>
/// <param name="path">The file, or a symbolic link to it.</param>
/// <param name="logger">For what goes wrong: nothing here is thrown.</param>
internal sealed partial class PeerDns(string path, ILogger logger)
{
    /// <summary>How often the file may change between reading and replacing it before that is given up.</summary>
    private const int Attempts = 5;

    /// <summary>Every octet is a character, so that the rest of the file stays what it was, whatever it is.</summary>
    private static readonly Encoding Octets = Encoding.Latin1;

    private readonly Lock _lock = new();

    /// <summary>In the order of connecting.</summary>
    private readonly List<Entry> _entries = [];
    private string _path = path;

    /// <summary>A tunnel is up.</summary>
    /// <param name="client">Its name.</param>
    /// <param name="use">What becomes of the servers.</param>
    /// <param name="servers">What the server gave us; without any the host's own stay as they are.</param>
    public void Add(string client, UsePeerDns use, IReadOnlyList<IPAddress> servers)
    {
        if (use == UsePeerDns.No || servers.Count == 0)
            return;
        lock (_lock)
        {
            _entries.RemoveAll(entry => entry.Client == client);
            _entries.Add(new Entry(client, use == UsePeerDns.Exclusively, servers));
            TryWrite();
        }
    }

    /// <summary>A tunnel is down, or never was up.</summary>
    public void Remove(string client)
    {
        lock (_lock)
        {
            if (_entries.RemoveAll(entry => entry.Client == client) > 0)
                TryWrite();
        }
    }

    public void RemoveAll()
    {
        lock (_lock)
        {
            bool hadAny = _entries.Count > 0;
            _entries.Clear();
            if (hadAny)
                TryWrite();
        }
    }

    /// <summary>Goes on with another file.</summary>
    public void MoveTo(string newPath)
    {
        lock (_lock)
        {
            if (newPath == _path)
                return;
            if (_entries.Count > 0)
                TryRewrite([]);
            _path = newPath;
            if (_entries.Count > 0)
                TryWrite();
        }
    }

    /// <summary>Takes out what an earlier run has left.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Sweep()
    {
        lock (_lock)
            return File.Exists(_path) && TryRewrite([]);
    }

    /// <summary>The host's own name servers of IPv4, but for those on the host itself.</summary>
    public IReadOnlyList<IPAddress> HostServers()
    {
        lock (_lock)
        {
            try
            {
                string text = ResolvConf.Strip(Octets.GetString(File.ReadAllBytes(_path)));
                return [.. ResolvConf.NameServers(text).Where(server => !IPAddress.IsLoopback(server))];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return [];
            }
        }
    }

    private void TryWrite()
    {
        // Where one wants to be asked exclusively, the servers of those that do not are others too.
        bool exclusively = _entries.Exists(entry => entry.Exclusively);
        TryRewrite([.. _entries.Where(entry => entry.Exclusively == exclusively)]);
    }

    /// <returns>Whether the file was changed.</returns>
    private bool TryRewrite(IReadOnlyList<Entry> entries)
    {
        try
        {
            for (int i = 0; i < Attempts; i++)
            {
                byte[] before = File.ReadAllBytes(_path);
                string text = ResolvConf.Strip(Octets.GetString(before));
                if (entries.Count > 0)
                {
                    text = ResolvConf.Insert(
                        text,
                        entries.Select(entry => entry.Client),
                        [.. entries.SelectMany(entry => entry.Servers).Distinct()],
                        entries[0].Exclusively);
                }
                byte[] after = Octets.GetBytes(text);
                if (after.AsSpan().SequenceEqual(before))
                    return false;
                if (TryReplace(before, after))
                    return true;
            }
            Log.Failed(logger, _path, "somebody else changes it all the time");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Failed(logger, _path, e.Message);
        }
        return false;
    }

    private bool TryReplace(byte[] before, byte[] after)
    {
        try
        {
            return DurableFile.TryReplace(_path, before, after);
        }
        catch (LinuxException e) when (e.Call is "open" or "fchown" or "rename")
        {
            // No new file can be had in that folder, or the file is mounted on its own: in a container, or where the
            // service may write nothing else.
            using FileStream file = new(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Write(after);
            file.SetLength(after.Length);
            return true;
        }
    }

    private sealed record Entry(string Client, bool Exclusively, IReadOnlyList<IPAddress> Servers);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "the name servers of tunnels are not taken over (use-peer-dns), or not given back: {Path} cannot be changed: "
            + "{Why}")]
        public static partial void Failed(ILogger logger, string path, string why);
    }
}

using System.Globalization;
using System.Net;

namespace Pptp.Appliance.Interfaces.Hooks;

/// <summary>
/// What a hook is told, in its environment. Each of RouterOS' variables has its own name there and, since a shell cannot
/// read <c>local-address</c>, that of a shell too: <c>PPTP_LOCAL_ADDRESS</c>.
/// </summary>
internal sealed record HookVariables
{
    /// <summary>The only variable that is not of the session.</summary>
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public required string User { get; init; }

    public required IPAddress LocalAddress { get; init; }

    public required IPAddress RemoteAddress { get; init; }

    /// <summary>Who has called.</summary>
    public required IPAddress CallerId { get; init; }

    /// <summary>Who was called.</summary>
    public required IPAddress CalledId { get; init; }

    /// <summary>As Linux calls it.</summary>
    public required string Interface { get; init; }

    /// <summary>Null: it has just begun.</summary>
    public HookUsage? Usage { get; init; }

    public IReadOnlyDictionary<string, string> ToEnvironment()
    {
        Dictionary<string, string> environment = new() { ["PATH"] = Path };
        Add("user", User);
        Add("local-address", $"{LocalAddress}");
        Add("remote-address", $"{RemoteAddress}");
        Add("caller-id", $"{CallerId}");
        Add("called-id", $"{CalledId}");
        Add("interface", Interface);
        if (Usage is { } usage)
        {
            Add("uptime", string.Create(CultureInfo.InvariantCulture, $"{(long)usage.Uptime.TotalSeconds}"));
            Add("bytes-in", string.Create(CultureInfo.InvariantCulture, $"{usage.BytesIn}"));
            Add("bytes-out", string.Create(CultureInfo.InvariantCulture, $"{usage.BytesOut}"));
            Add("reason", usage.Reason);
        }
        return environment;

        void Add(string name, string value)
        {
            environment[name] = value;
            environment[$"PPTP_{name.Replace('-', '_').ToUpperInvariant()}"] = value;
        }
    }
}

/// <summary>What a session was when it ended.</summary>
/// <param name="Uptime">How long it was up.</param>
/// <param name="BytesIn">Octets of IP from the peer.</param>
/// <param name="BytesOut">Octets of IP to the peer.</param>
/// <param name="Reason">Why it ended, as the log has it.</param>
internal sealed record HookUsage(TimeSpan Uptime, long BytesIn, long BytesOut, string Reason);

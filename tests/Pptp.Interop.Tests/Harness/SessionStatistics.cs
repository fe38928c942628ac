using System.Globalization;

namespace Pptp.Interop.Tests.Harness;

/// <summary>The counters that the server logs when a session ends.</summary>
internal sealed class SessionStatistics
{
    private readonly Dictionary<string, long> _values;
    private readonly string _line;

    private SessionStatistics(string line)
    {
        _line = line;
        _values = line.Split(' ')
            .Select(word => word.Split('='))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
    }

    public long this[string counter] => _values.TryGetValue(counter, out long value)
        ? value
        : throw new AssertionException($"no counter {counter} in: {_line}");

    public static SessionStatistics WaitFor(ServerProcess server, string user, int after = 0) =>
        new(server.Log.WaitFor($"<pptp-{user}>: statistics ", TimeSpan.FromSeconds(5), after: after).Text);

    public override string ToString() => string.Join(' ', _values.Select(pair => $"{pair.Key}={pair.Value}"));
}

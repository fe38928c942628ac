using System.Diagnostics;
using Pptp.Linux;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Benchmarks;

/// <summary>A server and callers, to dial tunnels with and to hang up.</summary>
internal sealed record TunnelBench(ServerProcess Server, RouteNetlink Netlink, CallerHost Host)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>How a user calls.</summary>
    public Func<string, CallSettings> Settings { get; init; } =
        user => new CallSettings(user, ServerConfiguration.PasswordOf(user));

    /// <summary>Dials and waits until the server has all interfaces.</summary>
    /// <returns>The calls, and how long each took, in milliseconds.</returns>
    public async Task<(List<ScriptedCall> Calls, List<double> Milliseconds)> DialAsync(
        IReadOnlyCollection<string> users, int atATime)
    {
        int mark = Server.Log.Mark;
        List<ScriptedCall> calls = [];
        List<double> milliseconds = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = atATime };
        await Parallel.ForEachAsync(users, options, async (user, _) =>
        {
            long start = Stopwatch.GetTimestamp();
            ScriptedCall call = await Host.DialAsync(Settings(user));
            double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            lock (calls)
            {
                calls.Add(call);
                milliseconds.Add(elapsed);
            }
        });
        Server.Log.WaitFor(": connected", Limit, users.Count, mark);
        return (calls, milliseconds);
    }

    /// <summary>Closes the control connections and waits until the interfaces are gone.</summary>
    public async Task HangUpAsync(List<ScriptedCall> calls)
    {
        int mark = Server.Log.Mark;
        foreach (ScriptedCall call in calls)
            await call.Caller.DisposeAsync();
        Server.Log.WaitFor(": disconnected", Limit, calls.Count, mark);
        if (await Poll.UntilAsync(() => !Netlink.ListLinks().Any(link => link.Kind == "tun"), Limit) is null)
            throw new InvalidOperationException($"interfaces stay; {Server.Report()}");
    }
}

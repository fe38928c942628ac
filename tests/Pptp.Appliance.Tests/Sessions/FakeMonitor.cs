using System.Collections.Concurrent;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Sessions;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>Writes down what a tunnel tells of its progress.</summary>
internal sealed class FakeMonitor : IClientMonitor, IDisposable
{
    public BlockingCollection<string> Progress { get; } = [];

    /// <summary>Waits for a word; those before it are gone.</summary>
    public void WaitFor(string word)
    {
        while (Progress.TryTake(out string? next, TimeSpan.FromSeconds(10)))
        {
            if (next == word)
                return;
        }
        throw new AssertionException($"the tunnel never said: {word}");
    }

    public void OnAuthenticated() => Progress.Add("authenticated");

    public void OnEncoding(string encoding) => Progress.Add(encoding);

    public void OnInClear(string why) => Progress.Add($"in clear: {why}");

    public void OnConnected(NetworkParameters network) => Progress.Add("connected");

    public void OnIpv6(Ipv6InterfaceSettings? settings) => Progress.Add(settings is null ? "no IPv6" : "IPv6");

    public void OnTerminating(string reason) => Progress.Add($"terminating: {reason}");

    public void Dispose() => Progress.Dispose();
}

using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>What ends a session that nobody hung up: times and amounts of its profile and its secret.</summary>
internal sealed class SessionEndTests : InteropFixture
{
    private const int Limit = 100_000;

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(30);

    protected override ServerSettings Settings => new()
    {
        Extra = ServerSettings.Profile("short", "required", "session-timeout = \"5s\"")
            + ServerSettings.Profile("busy", "required", "idle-timeout = \"4s\"")
            + ServerSettings.Secret("short", "short")
            + ServerSettings.Secret("busy", "busy")
            + ServerSettings.Secret("uploader", "lab", $"limit-bytes-in = {Limit}")
            + ServerSettings.Secret("downloader", "lab", $"limit-bytes-out = {Limit}"),
    };

    [Test]
    public void A_session_ends_at_its_session_timeout_though_there_is_traffic()
    {
        Call call = Dial("short").MustBeUp(Server);

        call.Ping(ServerSettings.Gateway, 50, 64);
        MustEnd("short", "session timeout");
        Assert.That(Uptime("short"), Is.InRange(5, 10));
    }

    [Test]
    public void A_session_without_traffic_ends_at_its_idle_timeout_and_one_with_traffic_does_not()
    {
        Call call = Dial("busy").MustBeUp(Server);

        call.Ping(ServerSettings.Gateway, 12, 64, interval: 0.7).MustLoseNone(Server);
        MustEnd("busy", "idle timeout");
        Assert.That(Uptime("busy"), Is.GreaterThanOrEqualTo(11));
    }

    [TestCase("uploader", "rx-bytes")]
    [TestCase("downloader", "tx-bytes")]
    public void A_session_ends_when_its_bytes_are_used_up(string user, string counter)
    {
        Call call = Dial(user).MustBeUp(Server);

        // The answers go the other way, where this user has no limit.
        _ = user == "uploader"
            ? call.Ping(ServerSettings.Gateway, 150, 1000)
            : Ping.FromServer(call.LocalAddress, 150, 1000);
        Server.Log.WaitFor($"<pptp-{user}>: disconnected", Enough);

        SessionStatistics statistics = SessionStatistics.WaitFor(Server, user);
        Assert.That(statistics[counter], Is.InRange(Limit - 1500, Limit), statistics.ToString());
        MustVanish(InterfaceOf(user), Soon);
    }

    private void MustEnd(string user, string reason)
    {
        Server.Log.WaitFor($"<pptp-{user}>: terminating... - {reason}", Enough);
        Server.Log.WaitFor($"<pptp-{user}>: disconnected", Enough);
        MustVanish(InterfaceOf(user), Soon);
    }

    /// <summary>The first figure of "USER logged out, ...": seconds.</summary>
    private int Uptime(string user)
    {
        string[] words = Server.Log.WaitFor($"{user} logged out, ", Soon).Text.Split(' ');
        return int.Parse(words[Array.IndexOf(words, "out,") + 1]);
    }
}

using System.Globalization;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>Many sessions with a filter and lists, at once.</summary>
internal sealed class FirewallLoadTests : FirewallFixture
{
    /// <summary>How many log in and out; PPTP_TEST_LOGINS says another number.</summary>
    private static readonly int Sessions = int.Parse(
        Environment.GetEnvironmentVariable("PPTP_TEST_LOGINS") ?? "200", CultureInfo.InvariantCulture);

    private static readonly string[] Users = ServerConfiguration.Numbered("u", Sessions);

    protected override ServerConfiguration Configuration => new()
    {
        Users = Users,
        ServerExtra = "max-starting = 0",
        ProfileExtra = """
            incoming-filter = "in"
            outgoing-filter = "out"
            address-list = ["everybody"]
            interface-list = "tunnels"
            """,
        Extra = Chain("in", "udp dport 5001 drop") + Chain("out", "ip saddr @everybody udp dport 5002 drop"),
    };

    [Test]
    [CancelAfter(600_000)]
    public async Task After_many_logins_and_logouts_the_kernels_rules_are_as_before()
    {
        string before = Nft("list ruleset");

        IReadOnlyList<ScriptedCall> calls = await DialAllAsync(Users);
        Server.Log.WaitFor(": connected", TimeSpan.FromMinutes(5), Sessions, Mark);
        string during = Nft("list ruleset");
        foreach (ScriptedCall call in calls)
            await call.Caller.DisposeAsync();
        Server.Log.WaitFor(": disconnected", TimeSpan.FromMinutes(5), Sessions, Mark);
        await Poll.UntilAsync(() => Nft("list ruleset") == before, Soon);

        Assert.That(Nft("list ruleset"), Is.EqualTo(before));
        Assert.That(
            Sessions,
            Is.EqualTo(during.Split("jump in").Length - 1).And.EqualTo(during.Split("jump out").Length - 1));
    }
}

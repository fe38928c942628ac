using Pptp.Linux;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>A host without libnftables.</summary>
internal sealed class FirewallMissingTests : ServerFixture
{
    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice],
        Extra = "\n[[firewall-chain]]\nname = \"in\"\nrules = [\"drop\"]\n"
            + ServerConfiguration.Profile("filtered", "incoming-filter = \"in\"")
            + ServerConfiguration.Secret(Bob, "filtered"),
    };

    [Test]
    public async Task Nobody_is_let_in_unfiltered_who_should_be_filtered_and_all_others_are()
    {
        if (Nftables.IsInstalled)
            Assert.Ignore("not tested here: this host has libnftables");
        Assert.That(
            Server.Log.With("so sessions whose profile has one are refused: libnftables.so.1 is not on this host"),
            Is.Not.Empty, Server.Report());

        ScriptedCall bob = await Host.DialAsync(SettingsOf(Bob));
        await bob.WaitForEndAsync();
        Server.Log.WaitFor(
            "<pptp-bob>: no interface - the profile's filters and lists cannot be set: libnftables.so.1 is not on this host",
            Soon, after: Mark);

        ScriptedCall alice = await DialAsync(Alice);
        await alice.Caller.DisposeAsync();
        await bob.Caller.DisposeAsync();
    }
}

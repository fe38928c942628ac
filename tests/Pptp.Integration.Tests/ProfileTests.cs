using System.Net;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>What a session gets of its secret, of its profile, and of the server's default profile.</summary>
internal sealed class ProfileTests : ServerFixture
{
    private const string Branch = "branch";
    private const string Plain = "plain";
    private const string Fixed = "fixed";

    private static readonly IPNetwork BranchNetwork = IPNetwork.Parse("10.77.0.0/24");
    private static readonly IPNetwork DefaultNetwork = IPNetwork.Parse("10.9.0.0/16");

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice],
        Extra = """

            [[ip-pool]]
            name = "branch-pool"
            ranges = "10.77.0.10-10.77.0.20"

            """
            + ServerConfiguration.Profile(
                "branch", "local-address = \"10.77.0.1\"", "remote-address = \"branch-pool\"",
                "dns-server = [\"10.77.0.53\", \"10.77.0.54\"]", "wins-server = [\"10.77.0.60\"]")
            + ServerConfiguration.Secret(Branch, "branch")
            + ServerConfiguration.Secret(Plain, "default")
            + ServerConfiguration.Secret(
                Fixed, "branch", "local-address = \"10.78.0.1\"", "remote-address = \"10.78.0.5\""),
    };

    [Test]
    [EffectOf("ppp-secret", "profile")]
    [EffectOf("ppp-profile", "name")]
    [EffectOf("ppp-profile", "local-address")]
    [EffectOf("ppp-profile", "remote-address")]
    [EffectOf("ip-pool", "name")]
    public async Task A_profile_gives_the_servers_address_and_the_pool_of_the_clients()
    {
        ScriptedCall call = await DialAsync(Branch);
        Assert.That(call.PeerAddress, Is.EqualTo(IPAddress.Parse("10.77.0.1")));
        Assert.That(BranchNetwork.Contains(call.Address), Is.True, $"{call.Address}");
    }

    [Test]
    [EffectOf("ppp-secret", "local-address")]
    [EffectOf("ppp-secret", "remote-address")]
    public async Task A_secrets_own_addresses_go_before_its_profiles()
    {
        ScriptedCall call = await DialAsync(Fixed);
        Assert.That(call.PeerAddress, Is.EqualTo(IPAddress.Parse("10.78.0.1")));
        Assert.That(call.Address, Is.EqualTo(IPAddress.Parse("10.78.0.5")));
    }

    [Test]
    [EffectOf("pptp-server", "default-profile")]
    public async Task What_secret_and_profile_leave_open_the_default_profile_decides()
    {
        ScriptedCall call = await DialAsync(Plain);
        Assert.That(call.PeerAddress, Is.EqualTo(IPAddress.Parse(ServerConfiguration.Gateway)));
        Assert.That(DefaultNetwork.Contains(call.Address), Is.True, $"{call.Address}");
        // Its default profile requires encryption as well.
        Server.Log.WaitFor($"<pptp-{Plain}>: using encoding - MPPE128 stateless", Soon, after: Mark);
    }

    [Test]
    [EffectOf("ppp-profile", "dns-server")]
    [EffectOf("ppp-profile", "wins-server")]
    public async Task A_client_that_asks_is_told_the_name_servers_of_its_profile()
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Branch) with { AskForServers = true });
        Assert.That(call.NameServers, Is.EquivalentTo(new Dictionary<byte, string>
        {
            [129] = "10.77.0.53",
            [131] = "10.77.0.54",
            [130] = "10.77.0.60",
        }));
    }

    [Test]
    public async Task A_client_that_asks_for_name_servers_where_there_are_none_gets_none_and_is_up()
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(Alice) with { AskForServers = true });
        Assert.That(call.NameServers, Is.Empty);
    }
}

using System.Net;

namespace Pptp.Model.Tests;

/// <summary>TOML's own types and RouterOS' text say the same.</summary>
internal sealed class TomlValueTests
{
    [TestCase("enabled = true", "enabled = \"yes\"")]
    [TestCase("keepalive-timeout = 30", "keepalive-timeout = \"30s\"")]
    [TestCase("keepalive-timeout = 30", "keepalive-timeout = \"00:00:30\"")]
    [TestCase("keepalive-timeout = 30", "keepalive-timeout = 00:00:30")]
    [TestCase("authentication = [\"mschap2\"]", "authentication = \"mschap2\"")]
    [TestCase("max-mtu = 1400", "max-mtu = \"1400\"")]
    [TestCase("max-mtu = 1400", "max-mtu = 1_400")]
    [TestCase("max-mtu = 1024", "max-mtu = 0x400")]
    [TestCase("mrru = 1600", "mrru = \"1600\"")]
    [TestCase("listen = [\"192.0.2.1:1723\", \"192.0.2.2:1\"]", "listen = \"192.0.2.1,192.0.2.2:1\"")]
    [TestCase("connection-limit = 'none'", "connection-limit = \"\"\"none\"\"\"")]
    [TestCase("enabled = true", "\"enabled\" = true")]
    public void Both_forms_give_the_same_server(string toml, string other)
    {
        PptpServerSettings Server(string line) =>
            Toml.Parse($"[pptp-server]\n{line}\n").Configuration!.PptpServer;

        Assert.That(Server(other), Is.EqualTo(Server(toml)));
    }

    [Test]
    public void A_row_named_default_changes_the_built_in_profile_and_keeps_the_rest_of_it()
    {
        PptpConfiguration configuration = Toml.Load("""
            [[ppp-profile]]
            name = "default-encryption"
            local-address = "10.0.0.1"
            remote-address = "10.0.0.2"
            """ + Toml.Alice);

        PppProfile changed = configuration.FindProfile("default-encryption")!;
        Assert.Multiple(() =>
        {
            Assert.That(changed.UseEncryption, Is.EqualTo(Negotiation.Yes));
            Assert.That(changed.ChangeTcpMss, Is.EqualTo(TriState.Yes));
            Assert.That(changed.LocalAddress, Is.EqualTo(new AddressSource.Single(IPAddress.Parse("10.0.0.1"))));
            Assert.That(configuration.Profiles, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void A_new_profile_leaves_every_switch_to_the_default_profile()
    {
        PppProfile profile = Toml.Parse("[[ppp-profile]]\nname = \"new\"\n").Configuration!.FindProfile("new")!;

        Assert.That(profile, Is.EqualTo(new PppProfile { Name = "new" }));
        Assert.That((profile.UseEncryption, profile.ChangeTcpMss, profile.OnlyOne),
            Is.EqualTo((Negotiation.Default, TriState.Default, OnlyOne.Default)));
    }

    [Test]
    public void An_empty_text_takes_an_address_of_a_built_in_profile_away_again()
    {
        PptpConfiguration configuration = Toml.Parse("""
            [[ppp-profile]]
            name = "default"
            local-address = ""
            """).Configuration!;

        Assert.That(configuration.FindProfile("default")!.LocalAddress, Is.Null);
    }

    [Test]
    public void An_nt_hash_gives_its_sixteen_octets_and_no_password()
    {
        SecretValue secret = Toml.Parse("""
            [[ppp-secret]]
            name = "bob"
            nt-hash = "44EBBA8D5312B8D611474411F56989AE"
            """).Configuration!.Secrets[0].Password!;

        Assert.Multiple(() =>
        {
            Assert.That(secret.Kind, Is.EqualTo(SecretKind.NtHash));
            Assert.That(Convert.ToHexString(secret.NtHash.Span), Is.EqualTo("44EBBA8D5312B8D611474411F56989AE"));
            Assert.That(secret.Password, Is.Null);
        });
    }

    [Test]
    public void An_empty_file_is_a_server_that_is_switched_off()
    {
        ConfigurationResult result = Toml.Parse("");
        Assert.That(result.Configuration!.PptpServer.Enabled, Is.False);
        Assert.That(result.Configuration, Is.EqualTo(new PptpConfiguration()));
    }
}

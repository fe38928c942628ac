namespace Pptp.Model.Tests;

/// <summary>Firewall chains, and the filters and lists of profiles that name them.</summary>
internal sealed class FirewallTests
{
    [Test]
    public void A_rule_is_taken_as_it_stands()
    {
        PptpConfiguration configuration = Toml.Parse("""
            [[firewall-chain]]
            name = "guests"
            rules = [
              "tcp dport { 80, 443 } accept",
              "ip daddr @staff drop comment \"no; # really }\"",
              "  jump { ip protocol icmp accept; drop }  ",
            ]
            """).Configuration!;

        Assert.That(configuration.FirewallChains.Single().Rules, Is.EqualTo(new[]
        {
            "tcp dport { 80, 443 } accept",
            "ip daddr @staff drop comment \"no; # really }\"",
            "jump { ip protocol icmp accept; drop }",
        }));
    }

    [Test]
    public void A_single_text_has_a_rule_on_each_line() => Assert.That(
        Toml.Parse("[[firewall-chain]]\nname = \"a\"\nrules = \"\"\"\ntcp dport {80, 443} accept\n\ndrop\n\"\"\"\n")
            .Configuration!.FirewallChains.Single().Rules,
        Is.EqualTo(new[] { "tcp dport {80, 443} accept", "drop" }));

    [TestCase("drop; flush ruleset", "must be one rule: ; would begin another")]
    [TestCase("drop } chain x { accept", "has a } without its {")]
    [TestCase("tcp dport { 80 accept", "has a { without its }")]
    [TestCase("drop # and more", "must not hold # outside of quotes: what follows it would be nft's comment")]
    [TestCase("drop \\\\", "must not hold \\ outside of quotes")]
    [TestCase("drop comment \\\"x", "has a quotation mark without its other one")]
    [TestCase("drop\\nflush ruleset", "must not hold control characters")]
    [TestCase(" ", "must be a rule, not empty")]
    public void What_would_be_more_than_one_rule_is_refused_where_it_stands(string rule, string message)
    {
        ConfigurationError error = Toml
            .Parse($"[[firewall-chain]]\nname = \"a\"\nrules = [\n  \"accept\",\n  \"{rule}\",\n]\n").Errors.Single();

        Assert.That(error, Is.EqualTo(new ConfigurationError(
            "pptpd.toml", 5, 3, "firewall-chain.rules", message, ConfigurationSeverity.Error)));
    }

    [TestCase("two words")]
    [TestCase("1st")]
    [TestCase("a;b")]
    [TestCase("-")]
    [TestCase("ä")]
    public void A_name_that_nft_would_not_take_is_refused(string name)
    {
        Assert.That(Message($"[[firewall-chain]]\nname = \"{name}\"\n"),
            Does.StartWith("must be a chain's name: a letter, then letters, digits and - _ . up to 63 characters, not "));
        Assert.That(Message($"[[ppp-profile]]\nname = \"a\"\naddress-list = [\"{name}\"]\n"),
            Does.StartWith("must be a list's name: "));
    }

    [Test]
    public void A_name_of_our_own_is_refused() => Assert.That(
        Message("[[firewall-chain]]\nname = \"pptpd-x\"\n"),
        Is.EqualTo("must not begin with pptpd-: such names are pptpd's own"));

    [Test]
    public void The_name_of_a_lists_ipv6_is_refused() => Assert.That(
        Message("[[ppp-profile]]\nname = \"a\"\naddress-list = [\"x\", \"x-ipv6\"]\n"),
        Is.EqualTo("must not end in -ipv6: so the IPv6 of an address list is called"));

    [Test]
    public void A_filter_that_leads_to_no_chain_is_told_the_nearest() => Assert.That(
        Message("""
            [[firewall-chain]]
            name = "guests"
            [[ppp-profile]]
            name = "a"
            outgoing-filter = "guest"
            """),
        Is.EqualTo("unknown firewall chain \"guest\"; did you mean guests?"));

    [Test]
    public void A_filter_is_not_the_chain_of_every_packet() => Assert.That(
        Message("""
            [[firewall-chain]]
            name = "forward"
            [[ppp-profile]]
            name = "a"
            incoming-filter = "forward"
            """),
        Is.EqualTo("forward is the chain of every packet of the host; a filter takes another"));

    [Test]
    public void One_name_is_not_both_kinds_of_list() => Assert.That(
        Message("""
            [[ppp-profile]]
            name = "a"
            address-list = ["x", "y"]
            [[ppp-profile]]
            name = "b"
            interface-list = "y"
            """),
        Is.EqualTo("\"y\" is the interface-list of the profile at pptpd.toml:4:3: nftables needs two names"));

    [Test]
    public void Two_chains_of_one_name_are_refused() => Assert.That(
        Message("[[firewall-chain]]\nname = \"a\"\n[[firewall-chain]]\nname = \"a\"\n"),
        Does.StartWith("\"a\" is there already, at "));

    private static string Message(string toml) => Toml.Parse(toml).Errors.Single().Message;
}

using Pptp.Appliance.Diagnosis;
using Pptp.Linux;
using Pptp.Model;
using Pptp.Testing;

namespace Pptp.Appliance.Tests.Diagnosis;

/// <summary>What nftables says of a file's rules, told where they stand.</summary>
public sealed class FirewallCheckTests
{
    private const string Toml = """
        [[firewall-chain]]
        name = "guests"
        rules = [
          "ip daddr @staff drop comment \"für Error: alle\"",
          "tcp dprot 80 accept",
          "jump nowhere",
        ]
        [[firewall-chain]]
        name = "limit"
        [[ppp-profile]]
        name = "p"
        incoming-filter = "guests"
        address-list = ["staff", "counter"]
        """;

    private readonly string _file = Path.GetTempFileName();

    [TearDown]
    public void RemoveTheFile() => File.Delete(_file);

    [Test]
    public void Every_rule_and_name_that_nft_does_not_take_is_told_with_its_line()
    {
        IEnumerable<ConfigurationError> errors = Findings(Toml)
            .Where(finding => finding.Severity == ConfigurationSeverity.Error);

        Assert.That(
            errors.Select(error => $"{error.Line}:{error.Column} {error.Key} {error.Message.Split(": ")[0]} {error.Message.Split(": ")[^1]}"),
            Is.EqualTo(new[]
            {
                "5:3 firewall-chain.rules nftables says dprot",
                "9:8 firewall-chain.name nftables says limit",
                "13:26 ppp-profile.address-list nftables says counter",
            }));
    }

    [Test]
    public void What_only_the_kernel_can_know_is_told_too() => Assert.That(
        Findings(Toml.Replace("dprot", "dport").Replace("limit", "other").Replace("counter", "desks"))
            .Select(finding => $"{finding.Line}:{finding.Column} {finding.Message.Split(": ")[^1]}"),
        Is.EqualTo(new[] { "6:3 nowhere" }));

    [Test]
    public void A_sound_one_changes_nothing() => NetworkNamespace.Run(() =>
    {
        using Nftables nftables = Open();
        string sound = Toml.Replace("dprot", "dport").Replace("jump nowhere", "drop").Replace("limit", "other")
            .Replace("counter", "desks");
        File.WriteAllText(_file, sound);

        Assert.That(ConfigurationLoader.Load(_file, FirewallCheck.Run).Errors, Is.Empty);

        Assert.That(nftables.Ask("list ruleset"), Is.Empty);
    });

    [Test]
    public void The_doctor_says_whether_filters_can_be_set()
    {
        PptpConfiguration configuration = new() { FirewallChains = [new FirewallChain { Name = "a" }] };
        Finding? finding = null;
        NetworkNamespace.Run(() =>
        {
            finding = HostDoctor.Examine(configuration).Single(f => f.Subject == "filters and lists");
            Assert.That(HostDoctor.Examine(new()).Where(f => f.Subject == "filters and lists"), Is.Empty);
        });

        Assert.That(finding!.Verdict, Is.EqualTo(Nftables.IsInstalled ? Verdict.Good : Verdict.Bad));
        Assert.That(finding.Remedy, Nftables.IsInstalled ? Is.Null : Does.Contain("libnftables1"));
    }

    [SetUp]
    public void RequireNamespaces()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
    }

    private static Nftables Open()
    {
        Nftables? nftables = Nftables.TryOpen(out string? whyNot);
        if (nftables is null)
            Assert.Ignore($"not tested here: {whyNot}");
        return nftables!;
    }

    private IReadOnlyList<ConfigurationError> Findings(string toml)
    {
        File.WriteAllText(_file, toml);
        IReadOnlyList<ConfigurationError> findings = [];
        NetworkNamespace.Run(() =>
        {
            Open().Dispose();
            findings = ConfigurationLoader.Load(_file, FirewallCheck.Run).Findings;
        });
        return [.. findings.Where(finding => finding.Message.StartsWith("nftables", StringComparison.Ordinal))];
    }
}

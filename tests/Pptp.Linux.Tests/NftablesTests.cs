using System.Text;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class NftablesTests : NamespaceTests
{
    [Test]
    public void Commands_are_carried_out_together_or_not_at_all() => NetworkNamespace.Run(() =>
    {
        using Nftables nft = Open();

        Assert.That(nft.Run("add table inet a; add set inet a s { type ifname; }; add element inet a s { \"x\" }"), Is.Empty);
        Assert.That(nft.Run("add table inet b; add element inet a s { \"y\" }; add element inet a none { \"y\" }"),
            Has.Count.EqualTo(1));

        Assert.That(nft.Ask("list ruleset"), Does.Contain("elements = { \"x\" }").And.Not.Contain("inet b"));
    });

    [Test]
    public void A_trial_changes_nothing_and_tells_every_error_with_its_place() => NetworkNamespace.Run(() =>
    {
        using Nftables nft = Open();
        const string Good = "add table inet a; add chain inet a c; ";
        string commands = Good
            + "add rule inet a c drop comment \"für Error: alle\"; add rule inet a c tcp dprot 1 drop; add rule inet a c ip saddr @no drop";

        IReadOnlyList<NftablesError> errors = nft.Run(commands, isTrial: true);

        byte[] octets = Encoding.UTF8.GetBytes(commands);
        Assert.That(
            errors.Select(error => Encoding.UTF8.GetString(octets, error.Start, error.Length)),
            Is.EqualTo(new[] { "dprot", "@no" }));
        Assert.That(errors[0].Message, Does.StartWith("syntax error"));
        Assert.That(nft.Run("add table inet a", isTrial: true), Is.Empty);
        Assert.That(nft.Ask("list ruleset"), Is.Empty);
    });

    [Test]
    public void Errors_without_a_place_are_told_all_the_same()
    {
        IReadOnlyList<NftablesError> errors = NftablesErrors.Read(
            "netlink: Error: cache initialization failed: Operation not permitted\n"u8);

        Assert.That(errors, Is.EqualTo(
            new[] { new NftablesError("cache initialization failed: Operation not permitted") }));
    }

    [Test]
    public void A_place_is_counted_in_octets()
    {
        IReadOnlyList<NftablesError> errors = NftablesErrors.Read(
            "Error: Could not process rule: File exists\nadd äment x y\n          ~ ^\n"u8);

        Assert.That(errors, Is.EqualTo(new[] { new NftablesError("Could not process rule: File exists", 12, 1) }));
    }

    private static Nftables Open()
    {
        Nftables? nft = Nftables.TryOpen(out string? whyNot);
        if (nft is null)
            Assert.Ignore($"not tested here: {whyNot}");
        return nft!;
    }
}

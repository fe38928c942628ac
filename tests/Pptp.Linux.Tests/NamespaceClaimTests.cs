using Pptp.Testing;

namespace Pptp.Linux.Tests;

/// <summary>One process works in a network namespace at a time.</summary>
public sealed class NamespaceClaimTests
{
    private const string Name = "pptpd-test-claim";

    [OneTimeSetUp]
    public void NeedNamespaces()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
            Assert.Ignore(reason);
    }

    [Test]
    public void It_is_held_until_it_is_let_go_and_names_its_holder() => NetworkNamespace.Run(() =>
    {
        using (NamespaceClaim? first = NamespaceClaim.TryTake(Name, out _))
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(NamespaceClaim.TryTake(Name, out int holder), Is.Null);
            Assert.That(holder, Is.EqualTo(Environment.ProcessId));
        }

        using NamespaceClaim? second = NamespaceClaim.TryTake(Name, out _);
        Assert.That(second, Is.Not.Null);
    });

    [Test]
    public void Another_namespace_has_one_of_its_own() => NetworkNamespace.Run(() =>
    {
        using NamespaceClaim? here = NamespaceClaim.TryTake(Name, out _);
        NetworkNamespace.Run(() =>
        {
            using NamespaceClaim? there = NamespaceClaim.TryTake(Name, out _);
            Assert.That(there, Is.Not.Null);
        });
    });
}

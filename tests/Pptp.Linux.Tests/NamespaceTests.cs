using Pptp.Testing;

namespace Pptp.Linux.Tests;

/// <summary>Tests that make network namespaces; without root they are ignored, and say so.</summary>
[TestFixture]
public abstract class NamespaceTests
{
    [OneTimeSetUp]
    public void Requires_a_network_namespace()
    {
        if (NetworkNamespace.WhyUnavailable is { } reason)
        {
            // The runner counts what is ignored, but shows the reason only when asked for details.
            TestContext.Progress.WriteLine($"{GetType().Name}: {reason}");
            Assert.Ignore(reason);
        }
    }
}

using Pptp.Appliance.Interfaces;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Interfaces;

public sealed class MasqueradeTests
{
    [Test]
    public void Its_sources_are_the_pools_that_ask_for_it_sorted_and_joined()
    {
        IpPool[] pools =
        [
            new() { Name = "b", Masquerade = true, Ranges = [new Ipv4Range(30, 39), new Ipv4Range(20, 29)] },
            new() { Name = "not", Ranges = [new Ipv4Range(60, 69)] },
            new() { Name = "a", Masquerade = true, Ranges = [new Ipv4Range(50, 59), new Ipv4Range(uint.MaxValue, uint.MaxValue)] },
        ];

        Assert.That(Masquerade.SourcesOf(pools), Is.EqualTo(new[] { (20u, 39u), (50u, 59u), (uint.MaxValue, uint.MaxValue) }));
    }
}

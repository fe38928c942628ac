using System.Net;
using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>RFC 2637 §3.1.3.</summary>
public sealed class ControlConnectionCollisionTests
{
    [TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("192.0.2.200", "192.0.2.9", true)]
    [TestCase("9.255.255.255", "10.0.0.0", false)]
    [TestCase("200.0.0.1", "100.0.0.1", true)]
    [TestCase("2001:db8::1", "2001:db8::ffff", false)]
    public void The_connection_of_the_end_with_the_higher_address_stays(string local, string remote, bool ours)
    {
        IPAddress here = IPAddress.Parse(local);
        IPAddress there = IPAddress.Parse(remote);

        Assert.That(ControlConnectionCollision.OursStays(here, there), Is.EqualTo(ours));
        Assert.That(ControlConnectionCollision.OursStays(there, here), Is.EqualTo(!ours), "seen from the other end");
    }

    [TestCase("192.0.2.1", "192.0.2.1")]
    [TestCase("192.0.2.1", "2001:db8::1")]
    public void Addresses_that_cannot_be_ordered_are_a_fault_of_the_caller(string local, string remote) =>
        Assert.That(
            () => ControlConnectionCollision.OursStays(IPAddress.Parse(local), IPAddress.Parse(remote)),
            Throws.ArgumentException);
}

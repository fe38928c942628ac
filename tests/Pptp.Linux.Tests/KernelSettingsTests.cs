using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class KernelSettingsTests : NamespaceTests
{
    [Test]
    public void A_setting_of_an_interface_is_its_own() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = TunDevice.Create("pptp-a.b");
        if (KernelProbes.ReadSysctl("net/ipv6/conf/pptp-a.b/accept_ra") is not { } before)
        {
            Assert.Ignore("not tested here: the kernel has no IPv6");
            return;
        }

        Assert.That(KernelSettings.TrySetIpv6("pptp-a.b", "accept_ra", 2), Is.True);
        Assert.That(KernelSettings.TrySetIpv6("pptp-a.b", "accept_ra", 2), Is.True, "it is that already");
        Assert.That(KernelProbes.ReadSysctl("net/ipv6/conf/pptp-a.b/accept_ra"), Is.EqualTo("2"));
        Assert.That(KernelProbes.ReadSysctl("net/ipv6/conf/lo/accept_ra"), Is.EqualTo(before));
        Assert.That(KernelSettings.TrySetIpv6("pptp-a.b", "no_such_thing", 1), Is.False);
        Assert.That(KernelSettings.TrySetIpv6("pptp-none", "accept_ra", 1), Is.False);
    });

    [Test]
    public void Off_for_interfaces_to_come_leaves_those_there_are() => NetworkNamespace.Run(() =>
    {
        using TunDevice before = TunDevice.Create("pptp-b");
        if (!KernelSettings.TrySetIpv6("default", "disable_ipv6", 1))
        {
            Assert.Ignore("not tested here: the kernel has no IPv6");
        }

        using TunDevice after = TunDevice.Create("pptp-c");
        Assert.That(KernelProbes.ReadSysctl("net/ipv6/conf/pptp-b/disable_ipv6"), Is.EqualTo("0"));
        Assert.That(KernelProbes.ReadSysctl("net/ipv6/conf/pptp-c/disable_ipv6"), Is.EqualTo("1"));
    });

    [Test]
    public void A_host_that_begins_to_forward_goes_on_to_listen_to_routers() => NetworkNamespace.Run(() =>
    {
        using TunDevice listens = TunDevice.Create("pptp-b");
        using TunDevice doesNot = TunDevice.Create("pptp-c");
        if (!KernelSettings.TrySetIpv6("pptp-b", "accept_ra", 1))
        {
            Assert.Ignore("not tested here: the kernel has no IPv6");
        }

        KernelSettings.TrySetIpv6("pptp-c", "accept_ra", 0);
        Assert.That(KernelProbes.IsForwardingIpv6(), Is.False);
        Assert.That(KernelSettings.TryForwardIpv6(), Is.True);
        Assert.That(KernelSettings.TryForwardIpv6(), Is.True, "it does already");
        Assert.That(KernelProbes.IsForwardingIpv6(), Is.True);
        Assert.That(KernelProbes.ReadSysctl("net/ipv6/conf/pptp-b/accept_ra"), Is.EqualTo("2"));
        Assert.That(KernelProbes.ReadSysctl("net/ipv6/conf/pptp-c/accept_ra"), Is.EqualTo("0"));
    });
}

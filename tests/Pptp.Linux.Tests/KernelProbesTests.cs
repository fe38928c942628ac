using System.Net;
using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class KernelProbesTests : NamespaceTests
{
    [Test]
    public void Forwarding_is_read_from_the_namespace_of_the_thread() => NetworkNamespace.Run(() =>
    {
        foreach (string value in new[] { "1", "0", "1" })
        {
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", value);
            Assert.That(KernelProbes.ReadSysctl("net.ipv4.ip_forward"), Is.EqualTo(value));
            Assert.That(KernelProbes.IsForwardingIpv4(), Is.EqualTo(value == "1"));
        }
    });

    [Test]
    public void A_setting_of_an_interface_with_a_dot_in_its_name_is_found_by_slashes() => NetworkNamespace.Run(() =>
    {
        using TunDevice tun = TunDevice.Create("pptp-a.b");
        Assert.That(KernelProbes.ReadSysctl("net/ipv4/conf/pptp-a.b/forwarding"), Is.AnyOf("0", "1"));
        Assert.That(KernelProbes.ReadSysctl("net.ipv4.conf.pptp-a.b.forwarding"), Is.Null);
    });

    [Test]
    public void A_setting_that_is_not_there_is_null() =>
        Assert.That(KernelProbes.ReadSysctl("net.ipv4.no_such_thing"), Is.Null);

    [Test]
    public void Tun_and_raw_sockets_are_to_be_had_here() => NetworkNamespace.Run(() =>
    {
        Assert.That(KernelProbes.TunObstacle(), Is.Null);
        Assert.That(KernelProbes.RawSocketObstacle(), Is.Null);
    });

    [Test]
    public void A_fresh_namespace_has_no_tables_of_iptables_legacy() => NetworkNamespace.Run(() =>
        Assert.That(KernelProbes.ReadLegacyTables(), Is.Null.Or.Empty));

    [TestCase("10.0.0.1", 0x0A000001u)]
    [TestCase("255.0.128.9", 0xFF008009u)]
    public void An_address_keeps_the_order_of_its_bytes(string text, uint value)
    {
        uint address = Ipv4.FromAddress(IPAddress.Parse(text));
        Assert.That(BitConverter.GetBytes(address), Is.EqualTo(IPAddress.Parse(text).GetAddressBytes()));
        Assert.That((uint)IPAddress.NetworkToHostOrder((int)address), Is.EqualTo(value));
        Assert.That(Ipv4.ToAddress(address), Is.EqualTo(IPAddress.Parse(text)));
    }

    [Test]
    public void An_IPv6_address_is_not_taken_for_an_IPv4_one() =>
        Assert.That(() => Ipv4.FromAddress(IPAddress.IPv6Loopback), Throws.ArgumentException);
}

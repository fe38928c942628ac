namespace Pptp.Interop.Tests.Harness;

/// <summary>
/// A second place to dial from: a namespace in the VM, one hop behind it, with an address of its own. far0 is the
/// VM's end of the line to it. The VM's part goes with the test (the lab's reset).
/// </summary>
internal sealed class FarClient : IDisposable
{
    public const string Namespace = "far";
    public const string Address = "192.168.52.3";
    private const string Network = "192.168.52.0/24";

    private const string Build =
        "ip netns add far && ip link add far0 type veth peer name eth0 netns far"
        + " && ip addr add 192.168.52.1/24 dev far0 && ip link set far0 up"
        + " && ip -n far addr add 192.168.52.3/24 dev eth0 && ip -n far link set eth0 up"
        + " && ip -n far link set lo up && ip -n far route add default via 192.168.52.1"
        + " && echo 1 >/proc/sys/net/ipv4/ip_forward";

    public FarClient()
    {
        Lab.InVm(Build).MustSucceed();
        Lab.InNamespace("ip", "route", "replace", Network, "via", Lab.ClientAddress).MustSucceed();
    }

    public void Dispose() => Lab.InNamespace("ip", "route", "del", Network);
}

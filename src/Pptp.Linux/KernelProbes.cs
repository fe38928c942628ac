using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>Harmless questions to the kernel, for the doctor: nothing is changed, nothing stays open.</summary>
public static class KernelProbes
{
    /// <summary>
    /// May /dev/net/tun be opened? Null if so. Making an interface needs CAP_NET_ADMIN besides.
    /// </summary>
    /// <returns>
    /// ENOENT: the device node is missing. ENXIO, ENODEV: the driver (module tun) is missing. EACCES, EPERM: not
    /// for us, by the file's mode or by a container's device rules.
    /// </returns>
    public static LinuxException? TunObstacle() => Try(TunDevice.OpenDevice);

    /// <summary>May a raw GRE socket be opened? Null if so. EPERM: CAP_NET_RAW is missing.</summary>
    public static LinuxException? RawSocketObstacle() => Try(GreSocket.OpenDescriptor);

    /// <summary>
    /// Whether IPv4 packets are forwarded between interfaces (net.ipv4.ip_forward); null if it cannot be read.
    /// </summary>
    public static bool? IsForwardingIpv4() => ReadSysctl("net.ipv4.ip_forward") is { } value ? value != "0" : null;

    /// <summary>Whether IPv6 packets are forwarded between interfaces; null if it cannot be read.</summary>
    public static bool? IsForwardingIpv6() =>
        ReadSysctl("net.ipv6.conf.all.forwarding") is { } value ? value != "0" : null;

    /// <summary>
    /// Whether connection tracking runs in this network namespace. It then sees GRE, and without its PPTP helper puts
    /// all GRE between two hosts into one connection.
    /// </summary>
    public static bool IsTrackingConnections() => ReadSysctl("net.netfilter.nf_conntrack_max") is not null;

    /// <summary>
    /// The tables iptables-legacy has loaded, such as <c>filter</c>; empty if none; null if the list cannot be read
    /// (only root may) or the kernel has no such thing. A loaded table need not hold a rule.
    /// </summary>
    public static IReadOnlyList<string>? ReadLegacyTables() =>

        // /proc/net is the process's first thread's view; this thread may live in another namespace.
        ReadFile("/proc/thread-self/net/ip_tables_names")?.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A kernel setting of the calling thread's network namespace, without its line end.</summary>
    /// <param name="name">
    /// As sysctl(8) writes it, parts joined by dots, or by slashes where a part (an interface's name) has a dot in it.
    /// </param>
    /// <returns>Null if there is no such setting or it may not be read.</returns>
    public static string? ReadSysctl(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string path = name.Contains('/', StringComparison.Ordinal) ? name : name.Replace('.', '/');
        return ReadFile("/proc/sys/" + path)?.TrimEnd('\n');
    }

    private static LinuxException? Try(Func<int> open)
    {
        try
        {
            _ = close(open());
            return null;
        }
        catch (LinuxException e)
        {
            return e;
        }
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

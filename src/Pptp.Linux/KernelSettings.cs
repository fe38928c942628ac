using System.Globalization;

namespace Pptp.Linux;

/// <summary>Settings of the calling thread's network namespace, changed. To read them: <see cref="KernelProbes"/>.</summary>
public static class KernelSettings
{
    /// <summary>Lets IPv4 packets pass between interfaces (net.ipv4.ip_forward).</summary>
    /// <returns>False: the setting may not be written, as in a container with a /proc that is read-only.</returns>
    public static bool TryForwardIpv4() => TryWrite("ipv4/ip_forward", 1);

    /// <summary>
    /// Lets IPv6 packets pass between interfaces (net.ipv6.conf.all.forwarding). An interface that takes its address
    /// and its way out from a router goes on to, although the kernel has a host that forwards take them no longer.
    /// </summary>
    /// <returns>False: there is no IPv6, or the setting may not be written.</returns>
    public static bool TryForwardIpv6()
    {
        if (KernelProbes.IsForwardingIpv6() is not false)
        {
            return KernelProbes.IsForwardingIpv6() is true;
        }

        foreach (string link in Directory.EnumerateDirectories("/proc/sys/net/ipv6/conf").Select(Path.GetFileName)!)
        {
            if (link is not ("all" or "default") && KernelProbes.ReadSysctl($"net/ipv6/conf/{link}/accept_ra") == "1")
            {
                _ = TrySetIpv6(link, "accept_ra", 2);
            }
        }

        return TryWrite("ipv6/conf/all/forwarding", 1);
    }

    /// <summary>Changes a setting of one interface's IPv6 (net.ipv6.conf).</summary>
    /// <param name="link">The interface's name; <c>default</c> for those that are made from now on.</param>
    /// <param name="setting">Such as <c>accept_ra</c>.</param>
    /// <param name="value">What it shall be; nothing is written where it is that already.</param>
    /// <returns>False: there is no such setting, or it may not be written.</returns>
    public static bool TrySetIpv6(string link, string setting, int value)
    {
        string name = $"ipv6/conf/{link}/{setting}";
        return KernelProbes.ReadSysctl("net/" + name) == value.ToString(CultureInfo.InvariantCulture)
            || TryWrite(name, value);
    }

    private static bool TryWrite(string name, int value)
    {
        try
        {
            File.WriteAllText("/proc/sys/net/" + name, value.ToString(CultureInfo.InvariantCulture));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

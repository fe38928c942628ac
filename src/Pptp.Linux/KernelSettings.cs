namespace Pptp.Linux;

/// <summary>Settings of the calling thread's network namespace, changed. To read them: <see cref="KernelProbes"/>.</summary>
public static class KernelSettings
{
    /// <summary>Lets IPv4 packets pass between interfaces (net.ipv4.ip_forward).</summary>
    /// <returns>False: the setting may not be written, as in a container with a /proc that is read-only.</returns>
    public static bool TryForwardIpv4()
    {
        try
        {
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

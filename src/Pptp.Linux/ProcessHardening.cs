using System.Runtime.InteropServices;

namespace Pptp.Linux;

/// <summary>What a process that holds keys does to itself, and what it asks about itself.</summary>
public static unsafe class ProcessHardening
{
    /// <summary>Whether the kernel would write a core dump, and let a debugger of the same user attach.</summary>
    public static bool IsDumpable => NativeMethods.ProcessControl(NativeMethods.PrGetDumpable, 0, 0, 0, 0) == 1;

    /// <summary>
    /// No core dump, no debugger of the same user: keys and passwords stay in this process (PR_SET_DUMPABLE 0).
    /// From then on /proc/self belongs to root.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void DisableCoreDumps()
    {
        if (NativeMethods.ProcessControl(NativeMethods.PrSetDumpable, 0, 0, 0, 0) < 0)
        {
            throw new LinuxException("prctl(PR_SET_DUMPABLE)", "this process", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Whether <paramref name="capability"/> is in the effective set of the calling thread.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static bool HasCapability(Capability capability)
    {
        int number = (int)capability;
        ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(capability));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 63, nameof(capability));
        NativeMethods.CapabilityHeader header = new() { Version = NativeMethods.CapabilityVersion3 };
        NativeMethods.CapabilitySet* sets = stackalloc NativeMethods.CapabilitySet[2];
        if (NativeMethods.GetCapabilities(&header, sets) < 0)
        {
            throw new LinuxException("capget", "this thread", Marshal.GetLastPInvokeError());
        }

        return (sets[number / 32].Effective & (1u << (number % 32))) != 0;
    }
}

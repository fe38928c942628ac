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
        (int word, uint bit) = Place(capability);
        NativeMethods.CapabilitySet* sets = stackalloc NativeMethods.CapabilitySet[2];
        ReadCapabilities(sets);
        return (sets[word].Effective & bit) != 0;
    }

    /// <summary>
    /// Makes those of <paramref name="capabilities"/> effective that the calling thread may have; the others stay away
    /// without an error. For a program whose file grants capabilities without the effective bit: with it, exec itself
    /// would fail where a container withholds one. Threads made later by this one inherit them, threads that exist do
    /// not: call it first of all.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void RaiseCapabilities(params ReadOnlySpan<Capability> capabilities)
    {
        NativeMethods.CapabilitySet* sets = stackalloc NativeMethods.CapabilitySet[2];
        ReadCapabilities(sets);
        foreach (Capability capability in capabilities)
        {
            (int word, uint bit) = Place(capability);
            sets[word].Effective |= bit & sets[word].Permitted;
        }

        WriteCapabilities(sets);
    }

    /// <summary>What the calling thread may have, a program has that it executes.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void HandOnCapabilities()
    {
        NativeMethods.CapabilitySet* sets = stackalloc NativeMethods.CapabilitySet[2];
        ReadCapabilities(sets);
        for (int word = 0; word < 2; word++)
            sets[word].Inheritable = sets[word].Permitted;
        WriteCapabilities(sets);
        for (int number = 0; number < 64; number++)
        {
            if ((sets[number / 32].Permitted & (1u << (number % 32))) != 0)
            {
                NativeMethods.ProcessControl(
                    NativeMethods.PrCapabilityAmbient, NativeMethods.PrCapabilityAmbientRaise, (nuint)number, 0, 0);
            }
        }
    }

    /// <summary>The calling thread, and a program that it executes, has no capability and cannot get one.</summary>
    /// <exception cref="LinuxException">
    /// EPERM: exec would give them back to root, and CAP_SETPCAP is missing, which could prevent that.
    /// </exception>
    public static void GiveUpCapabilities()
    {
        if (NativeMethods.ProcessControl(NativeMethods.PrSetNoNewPrivileges, 1, 0, 0, 0) < 0)
        {
            throw new LinuxException("prctl(PR_SET_NO_NEW_PRIVS)", "this thread", Marshal.GetLastPInvokeError());
        }

        NativeMethods.ProcessControl(
            NativeMethods.PrCapabilityAmbient, NativeMethods.PrCapabilityAmbientClearAll, 0, 0, 0);
        // Up to the first that the kernel does not know.
        for (nuint number = 0; number < 64; number++)
        {
            if (NativeMethods.ProcessControl(NativeMethods.PrCapabilityBoundingSetDrop, number, 0, 0, 0) == 0)
            {
                continue;
            }

            int errno = Marshal.GetLastPInvokeError();
            // Whoever is not root has from exec what the other sets give him, and these are empty.
            if (errno == Errno.EPERM && NativeMethods.GetEffectiveUser() == 0)
            {
                throw new LinuxException("prctl(PR_CAPBSET_DROP)", "this thread", errno);
            }

            break;
        }

        NativeMethods.CapabilitySet* none = stackalloc NativeMethods.CapabilitySet[2];
        none[0] = none[1] = default;
        WriteCapabilities(none);
    }

    private static (int Word, uint Bit) Place(Capability capability)
    {
        int number = (int)capability;
        ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(capability));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 63, nameof(capability));
        return (number / 32, 1u << (number % 32));
    }

    private static void WriteCapabilities(NativeMethods.CapabilitySet* sets)
    {
        NativeMethods.CapabilityHeader header = new() { Version = NativeMethods.CapabilityVersion3 };
        if (NativeMethods.SetCapabilities(&header, sets) < 0)
        {
            throw new LinuxException("capset", "this thread", Marshal.GetLastPInvokeError());
        }
    }

    private static void ReadCapabilities(NativeMethods.CapabilitySet* sets)
    {
        NativeMethods.CapabilityHeader header = new() { Version = NativeMethods.CapabilityVersion3 };
        if (NativeMethods.GetCapabilities(&header, sets) < 0)
        {
            throw new LinuxException("capget", "this thread", Marshal.GetLastPInvokeError());
        }
    }
}

using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>A process that leads a session, with all that it has started and that has stayed in it.</summary>
public static class ProcessGroup
{
    /// <summary>Asks it to end (SIGTERM). False: there is none.</summary>
    /// <param name="leader">Its leader's process id.</param>
    public static bool TryTerminate(int leader) => NativeMethods.Kill(-leader, SIGTERM) == 0;

    /// <summary>Ends it (SIGKILL). False: there is none.</summary>
    /// <param name="leader">Its leader's process id.</param>
    public static bool TryKill(int leader) => NativeMethods.Kill(-leader, SIGKILL) == 0;
}

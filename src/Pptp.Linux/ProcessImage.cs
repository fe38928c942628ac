using System.Collections;
using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>Puts another program into this process.</summary>
public static unsafe class ProcessImage
{
    private const int LastSignal = 64;

    /// <summary>
    /// Becomes the program: with this process' environment and standard output, which is its error output too, in a
    /// session of its own, in /, with an empty input, no other descriptor and no signal ignored.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <param name="arguments">Without its name.</param>
    /// <param name="withCapabilities">
    /// Whether it has the capabilities this process may have. Else it has none, and cannot get any.
    /// </param>
    /// <exception cref="LinuxException">It is still this one: ENOENT, EACCES, ENOEXEC, or EPERM for the capabilities.</exception>
    public static void Replace(string path, IReadOnlyList<string> arguments, bool withCapabilities)
    {
        // Fails where this process leads a session already, which serves as well.
        setsid();
        if (withCapabilities)
            ProcessHardening.HandOnCapabilities();
        else
            ProcessHardening.GiveUpCapabilities();
        if (NativeMethods.ChangeDirectory("/") < 0)
            throw new LinuxException("chdir", "/", Marshal.GetLastPInvokeError());
        UseStandardStreams();
        HeedSignals();
        // What is allocated here ends with the process' image, or with the process.
        byte** argv = ToNative([path, .. arguments]);
        byte** environment = ToNative(
            [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}")]);
        NativeMethods.Execute(argv[0], argv, environment);
        throw new LinuxException("execve", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>What is ignored stays so over exec: SIGPIPE by the runtime, others by whoever has started the daemon.</summary>
    private static void HeedSignals()
    {
        const nint Default = 0, Ignored = 1;
        // struct sigaction, which begins with the handler.
        nint* action = stackalloc nint[32];
        for (int number = 1; number <= LastSignal; number++)
        {
            if (NativeMethods.SignalAction(number, null, action) == 0 && action[0] == Ignored)
                NativeMethods.Signal(number, Default);
        }
    }

    private static void UseStandardStreams()
    {
        fixed (byte* null_ = "/dev/null\0"u8)
        {
            int input = Check(open(null_, O_RDONLY), "open", "/dev/null");
            Check(dup2(input, 0), "dup2", "standard input");
        }
        Check(dup2(1, 2), "dup2", "standard error");
        // To be closed by exec and not before: the runtime's threads still use theirs. Kernels before 5.11 lack it; all
        // that this program opens is marked so already.
        NativeMethods.SystemCall(
            (nint)NativeMethods.SysCloseRange, 3, (void*)uint.MaxValue, NativeMethods.CloseRangeOnExec, null, null, 0);
    }

    private static byte** ToNative(IReadOnlyList<string> texts)
    {
        byte** table = (byte**)NativeMemory.Alloc((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
            table[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        table[texts.Count] = null;
        return table;
    }

    private static int Check(int result, string call, string target) =>
        result < 0 ? throw new LinuxException(call, target, errno) : result;
}

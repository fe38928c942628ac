using Pptp.Linux;

namespace Pptpd.Commands;

/// <summary>
/// Becomes a program of on-up or on-down; the daemon starts it. It is no command of the parser, which has a meaning for
/// words such as <c>@file</c> that are the hook's.
/// </summary>
internal static class RunHookCommand
{
    public const string Name = "run-hook";

    /// <summary>As a shell has it.</summary>
    private const int NotExecuted = 126;

    /// <param name="words"><c>[--with-capabilities] -- PATH [ARGUMENT ...]</c></param>
    /// <returns>The exit status when it is not the program now; its output says why.</returns>
    public static int Run(string[] words)
    {
        int separator = Array.IndexOf(words, "--");
        if (separator < 0 || separator + 1 == words.Length)
            return ExitCode.BadInput;
        try
        {
            ProcessImage.Replace(words[separator + 1], words[(separator + 2)..], withCapabilities: separator > 0);
        }
        catch (LinuxException e)
        {
            Console.WriteLine(e.Errno == Errno.EPERM
                ? $"{e.Message}; without CAP_SETPCAP root cannot be rid of its capabilities: run pptpd as another user, or set hook-privileges"
                : e.Message);
        }

        return NotExecuted;
    }
}

namespace Pptp.Linux;

/// <summary>What the kernel answered to a request.</summary>
/// <param name="Errno">0, or the positive error number.</param>
/// <param name="Explanation">The extended acknowledgement's text, if there was one.</param>
internal readonly record struct NetlinkReply(int Errno, string? Explanation)
{
    internal void ThrowIfFailed(string call, string target)
    {
        if (Errno != 0)
        {
            throw Failure(call, target);
        }
    }

    /// <summary>False for the error that only says that the thing is not (or is already) there.</summary>
    internal bool SucceededUnless(int harmless, string call, string target)
    {
        if (Errno == harmless)
        {
            return false;
        }

        ThrowIfFailed(call, target);
        return true;
    }

    internal LinuxException Failure(string call, string target) => new(call, target, Errno, Explanation);
}

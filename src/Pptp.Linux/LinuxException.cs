namespace Pptp.Linux;

/// <summary>
/// The kernel refused something. The message names the call, the object and the error, as in
/// <c>ioctl(TUNSETIFF) on pptp-alice: EBUSY (Device or resource busy)</c>.
/// </summary>
public sealed class LinuxException : IOException
{
    /// <param name="call">The system call, with its request where it has one: <c>ioctl(TUNSETIFF)</c>.</param>
    /// <param name="target">What it was done to: an interface, a path, a route.</param>
    /// <param name="errno">The positive error number.</param>
    /// <param name="explanation">
    /// What the kernel itself added (netlink's extended acknowledgement), if anything.
    /// </param>
    public LinuxException(string call, string target, int errno, string? explanation = null)
        : base(Describe(call, target, errno, explanation))
    {
        Call = call;
        Target = target;
        Errno = errno;
        Explanation = explanation;
    }

    public string Call { get; }

    public string Target { get; }

    /// <summary>The positive error number; see <see cref="Linux.Errno"/> for names.</summary>
    public int Errno { get; }

    public string? Explanation { get; }

    private static string Describe(string call, string target, int errno, string? explanation)
    {
        string message = $"{call} on {target}: {Linux.Errno.NameOf(errno)} ({Linux.Errno.TextOf(errno)})";
        return string.IsNullOrEmpty(explanation) ? message : $"{message}; the kernel says: {explanation}";
    }
}

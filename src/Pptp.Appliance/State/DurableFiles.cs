using Pptp.Linux;
using Pptp.Model.Editing;

namespace Pptp.Appliance.State;

/// <summary>Writes the configuration's files as the kernel's room does it, and words why it cannot be done.</summary>
public sealed class DurableFiles : IFileReplacer
{
    public static DurableFiles Instance { get; } = new();

    public bool TryReplace(string path, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> content)
    {
        try
        {
            return DurableFile.TryReplace(path, expected, content);
        }
        catch (LinuxException e)
        {
            throw new IOException(ReasonOf(e), e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException("cannot be saved: permission denied", e);
        }
    }

    private static string ReasonOf(LinuxException e) => e.Errno switch
    {
        Errno.EROFS => "cannot be saved: it is on a read-only file system",
        Errno.EACCES => "cannot be saved: the file or its folder is read-only",
        Errno.EPERM => "cannot be saved: its owner could not be kept",
        Errno.ENOSPC or Errno.EDQUOT => "cannot be saved: there is no space left",
        Errno.EBUSY => "cannot be saved: it is mounted on its own, and cannot be replaced as a whole; "
            + "mount the folder it is in instead",
        _ => $"cannot be saved: {e.Message}",
    };
}

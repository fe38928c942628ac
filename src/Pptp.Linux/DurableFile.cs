using System.Runtime.InteropServices;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Pptp.Linux;

/// <summary>Replaces the content of a file so that a crash leaves the old one or the new one, and the new one stays.</summary>
public static unsafe class DurableFile
{
    private const int AnyWriteBit = 0b010_010_010;
    private const int PermissionBits = 0xFFF;

    /// <summary>
    /// Writes a new file beside the old one, with its mode and owner, and renames it over that once it is on the disk.
    /// A symbolic link stays and leads to the new file.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it must still hold right before it is replaced.</param>
    /// <param name="content">What it is to hold.</param>
    /// <returns>False, with nothing done, when it holds something else.</returns>
    /// <exception cref="LinuxException">
    /// EACCES or EROFS (it is read-only, or its folder), EPERM (its owner cannot be kept), ENOSPC or EDQUOT (no space),
    /// EBUSY (it is mounted on its own). Nothing was done.
    /// </exception>
    public static bool TryReplace(string path, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> content)
    {
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)!;
        // Hidden, so that no pattern includes it; one name, so that what a crash leaves is taken up by the next change.
        string fresh = Path.Combine(folder, $".{Path.GetFileName(target)}.new");
        stat status = WritableStatus(target);
        File.Delete(fresh);
        try
        {
            WriteThrough(fresh, status, content);
            if (!File.ReadAllBytes(target).AsSpan().SequenceEqual(expected))
            {
                File.Delete(fresh);
                return false;
            }

            if (NativeMethods.Rename(fresh, target) < 0)
            {
                throw new LinuxException("rename", target, Marshal.GetLastPInvokeError());
            }
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }

        Synchronize(folder);
        return true;
    }

    /// <summary>A rename would replace a file that is read-only: it asks the folder alone.</summary>
    private static stat WritableStatus(string target)
    {
        stat status;
        fixed (byte* name = CString(target))
        {
            if (stat(name, &status) < 0)
            {
                throw Refused("stat", target);
            }

            if (access(name, W_OK) < 0)
            {
                throw Refused("access", target);
            }
        }

        // Root may write what nobody is meant to write.
        return (Mode(status) & AnyWriteBit) != 0 ? status : throw new LinuxException("access", target, Errno.EACCES);
    }

    private static void WriteThrough(string path, stat status, ReadOnlySpan<byte> content)
    {
        int file;
        fixed (byte* name = CString(path))
        {
            file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (ushort)0x180 /* 0600 */);
        }

        if (file < 0)
        {
            throw Refused("open", path);
        }

        try
        {
            Write(file, path, content);
            // The owner first: a change of the owner may clear bits of the mode.
            if (fchown(file, status.st_uid, status.st_gid) < 0)
            {
                throw Refused("fchown", path);
            }

            if (fchmod(file, (ushort)(Mode(status) & PermissionBits)) < 0)
            {
                throw Refused("fchmod", path);
            }

            if (fsync(file) < 0)
            {
                throw Refused("fsync", path);
            }
        }
        finally
        {
            _ = close(file);
        }
    }

    private static void Write(int file, string path, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            int written = 0;
            while (written < content.Length)
            {
                nint count = (nint)(long)write(file, start + written, content.Length - written);
                if (count >= 0)
                {
                    written += (int)count;
                }
                else if (errno is var error and not Errno.EINTR)
                {
                    throw new LinuxException("write", path, error);
                }
            }
        }
    }

    // The new content is in place; where a file system cannot synchronize a folder there is no more to be done.
    private static void Synchronize(string folder)
    {
        int descriptor;
        fixed (byte* name = CString(folder))
        {
            descriptor = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        }

        if (descriptor >= 0)
        {
            _ = fsync(descriptor);
            _ = close(descriptor);
        }
    }

    private static int Mode(stat status) => (ushort)status.st_mode;

    private static byte[] CString(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text), 0];

    private static LinuxException Refused(string call, string target) =>
        new(call, target, errno);
}

using System.Diagnostics;

namespace Pptp.Appliance.Tests.State;

/// <summary>A file system of half a megabyte in a test's folder, which can be filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;
    private readonly string _filler;

    /// <summary>Ignores the test where nothing can be mounted.</summary>
    public SmallDisk(string folder)
    {
        _folder = folder;
        _filler = Path.Combine(folder, "filler");
        Directory.CreateDirectory(folder);
        if (Run("mount", "-t", "tmpfs", "-o", "size=512k", "none", folder) != 0)
            Assert.Ignore("nothing can be mounted here");
    }

    public void Fill()
    {
        using FileStream file = new(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Empty() => File.Delete(_filler);

    public void Dispose() => Run("umount", "-l", _folder);

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

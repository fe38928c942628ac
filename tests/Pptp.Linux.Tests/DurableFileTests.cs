using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;

namespace Pptp.Linux.Tests;

/// <summary>A file is replaced whole, or it stays as it is with a reason.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DurableFileTests
{
    private static readonly byte[] Old = "old"u8.ToArray();
    private static readonly byte[] New = "new\n"u8.ToArray();

    private string _folder = "";

    private string FilePath => Path.Combine(_folder, "a.toml");

    [SetUp]
    public void MakeFile()
    {
        _folder = Directory.CreateTempSubdirectory("pptpd-durable-").FullName;
        File.WriteAllBytes(FilePath, Old);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_new_file_has_the_old_ones_mode_and_owner_and_no_other_is_left()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(FilePath, Mode);
        bool isRoot = Run("chown", "1234:2345", FilePath) == 0;

        Assert.That(DurableFile.TryReplace(FilePath, Old, New), Is.True);

        Assert.That(File.ReadAllBytes(FilePath), Is.EqualTo(New));
        Assert.That(File.GetUnixFileMode(FilePath), Is.EqualTo(Mode));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { FilePath }));
        if (isRoot)
            Assert.That(Output("stat", "-c", "%u:%g", FilePath), Is.EqualTo("1234:2345"));
    }

    [Test]
    public void A_reader_who_has_the_old_file_open_still_reads_the_old_one()
    {
        using FileStream reader = File.OpenRead(FilePath);
        DurableFile.TryReplace(FilePath, Old, New);
        byte[] read = new byte[16];
        Assert.That(read[..reader.Read(read)], Is.EqualTo(Old));
    }

    [Test]
    public void A_file_that_somebody_else_has_changed_stays_his()
    {
        Assert.That(DurableFile.TryReplace(FilePath, "older"u8, New), Is.False);
        Assert.That(File.ReadAllBytes(FilePath), Is.EqualTo(Old));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { FilePath }));
    }

    [Test]
    public void A_symbolic_link_stays_and_leads_to_the_new_file()
    {
        string link = Path.Combine(_folder, "link.toml");
        File.CreateSymbolicLink(link, "a.toml");

        Assert.That(DurableFile.TryReplace(link, Old, New), Is.True);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo("a.toml"));
        Assert.That(File.ReadAllBytes(FilePath), Is.EqualTo(New));
    }

    [Test]
    public void What_a_crash_has_left_is_in_nobodys_way()
    {
        File.WriteAllText(Path.Combine(_folder, ".a.toml.new"), "half of it");
        Assert.That(DurableFile.TryReplace(FilePath, Old, New), Is.True);
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { FilePath }));
    }

    [Test]
    public void A_file_that_nobody_may_write_is_refused_to_root_too()
    {
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead);
        Assert.That(ErrorOf(FilePath), Is.EqualTo(Errno.EACCES));
    }

    [Test]
    public void A_file_that_is_gone_is_told() => Assert.That(
        () => DurableFile.TryReplace(Path.Combine(_folder, "b.toml"), Old, New), Throws.InstanceOf<IOException>());

    [Test]
    public void A_file_that_is_mounted_on_its_own_is_told() =>
        Mounted(["--bind", FilePath, FilePath], FilePath, () => Assert.That(ErrorOf(FilePath), Is.EqualTo(Errno.EBUSY)));

    [Test]
    public void A_read_only_file_system_is_told() => Mounted(
        ["-t", "tmpfs", "none", _folder], _folder, () =>
        {
            File.WriteAllBytes(FilePath, Old);
            Assert.That(Run("mount", "-o", "remount,ro", _folder), Is.Zero);
            Assert.That(ErrorOf(FilePath), Is.EqualTo(Errno.EROFS));
        });

    [Test]
    public void A_full_disk_leaves_the_old_file() => Mounted(
        ["-t", "tmpfs", "-o", "size=64k", "none", _folder], _folder, () =>
        {
            File.WriteAllBytes(FilePath, Old);
            byte[] large = Encoding.ASCII.GetBytes(new string('#', 100_000));
            Assert.That(
                () => DurableFile.TryReplace(FilePath, Old, large),
                Throws.TypeOf<LinuxException>().With.Property("Errno").EqualTo(Errno.ENOSPC));
            Assert.That(File.ReadAllBytes(FilePath), Is.EqualTo(Old));
            Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { FilePath }));
        });

    private static int ErrorOf(string path) =>
        Assert.Throws<LinuxException>(() => DurableFile.TryReplace(path, Old, New))!.Errno;

    private static void Mounted(string[] arguments, string at, Action test)
    {
        if (Run("mount", arguments) != 0)
            Assert.Ignore("nothing can be mounted here");
        try
        {
            test();
        }
        finally
        {
            Run("umount", at);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string Output(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        return process.StandardOutput.ReadToEnd().Trim();
    }

    private static Process Start(string program, string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}

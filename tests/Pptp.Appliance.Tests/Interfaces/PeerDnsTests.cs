using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Tests.State;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Interfaces;

[SupportedOSPlatform("linux")]
public sealed class PeerDnsTests
{
    private const string Before = "search example.com\nnameserver 192.0.2.53\n";

    private static readonly IPAddress[] Office = [IPAddress.Parse("10.0.0.53"), IPAddress.Parse("10.0.1.53")];
    private static readonly IPAddress[] Lab = [IPAddress.Parse("10.2.0.53"), IPAddress.Parse("10.0.1.53")];

    private ListLogger _log = null!;
    private string _folder = null!;
    private string _file = null!;
    private PeerDns _dns = null!;

    [SetUp]
    public void WriteTheFile()
    {
        _folder = Directory.CreateTempSubdirectory("pptpd-test-").FullName;
        _file = Path.Combine(_folder, "resolv.conf");
        File.WriteAllText(_file, Before);
        _log = new ListLogger();
        _dns = new PeerDns(_file, _log);
    }

    [TearDown]
    public void DeleteTheFile() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Several_clients_are_combined_and_each_takes_back_its_own()
    {
        _dns.Add("office", UsePeerDns.Yes, Office);
        _dns.Add("lab", UsePeerDns.Yes, Lab);
        Assert.That(Servers(), Is.EqualTo(["10.0.0.53", "10.0.1.53", "10.2.0.53", "192.0.2.53"]));

        _dns.Remove("office");
        Assert.That(Servers(), Is.EqualTo(["10.2.0.53", "10.0.1.53", "192.0.2.53"]));
        _dns.Remove("lab");
        MustBeAsBefore();
    }

    [Test]
    public void Exclusively_is_instead_of_the_other_tunnels_too()
    {
        _dns.Add("office", UsePeerDns.Yes, Office);
        _dns.Add("lab", UsePeerDns.Exclusively, Lab);
        Assert.That(Servers(), Is.EqualTo(["10.2.0.53", "10.0.1.53"]));

        _dns.Remove("lab");
        Assert.That(Servers(), Is.EqualTo(["10.0.0.53", "10.0.1.53", "192.0.2.53"]));
        _dns.RemoveAll();
        MustBeAsBefore();
    }

    [Test]
    public void Without_servers_or_where_they_are_not_wanted_nothing_changes()
    {
        DateTime time = File.GetLastWriteTimeUtc(_file);
        _dns.Add("office", UsePeerDns.Exclusively, []);
        _dns.Add("lab", UsePeerDns.No, Lab);
        _dns.Remove("office");
        _dns.RemoveAll();
        Assert.That(_dns.Sweep(), Is.False);
        MustBeAsBefore();
        Assert.That(File.GetLastWriteTimeUtc(_file), Is.EqualTo(time));
    }

    [Test]
    public void What_a_daemon_left_that_was_killed_is_swept_by_the_next()
    {
        _dns.Add("office", UsePeerDns.Exclusively, Office);
        PeerDns next = new(_file, _log);
        Assert.That(next.HostServers().Select(server => server.ToString()), Is.EqualTo(["192.0.2.53"]));
        Assert.That(next.Sweep(), Is.True);
        MustBeAsBefore();
        Assert.That(next.Sweep(), Is.False);
    }

    [Test]
    public void A_link_stays_a_link_and_the_file_keeps_its_mode()
    {
        string link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, "resolv.conf");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        File.SetUnixFileMode(_file, Mode);
        PeerDns dns = new(link, _log);

        dns.Add("office", UsePeerDns.Yes, Office);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo("resolv.conf"));
        Assert.That(Servers(), Has.Length.EqualTo(3));
        Assert.That(File.GetUnixFileMode(_file), Is.EqualTo(Mode));
        dns.Remove("office");
        MustBeAsBefore();
    }

    [Test]
    public void Octets_that_are_no_text_come_back()
    {
        byte[] octets = [.. "# "u8, 0xFF, 0xC3, 0x28, 0x00, 0x0A];
        File.WriteAllBytes(_file, octets);
        _dns.Add("office", UsePeerDns.Exclusively, Office);
        Assert.That(Servers(), Has.Length.EqualTo(2));
        _dns.Remove("office");
        Assert.That(File.ReadAllBytes(_file), Is.EqualTo(octets));
    }

    [Test]
    public void A_change_of_the_file_takes_the_servers_along()
    {
        string other = Path.Combine(_folder, "other");
        File.WriteAllText(other, "");
        _dns.Add("office", UsePeerDns.Yes, Office);
        _dns.MoveTo(other);
        MustBeAsBefore();
        Assert.That(File.ReadAllText(other), Does.Contain("nameserver 10.0.0.53"));
        _dns.Remove("office");
        Assert.That(File.ReadAllText(other), Is.Empty);
    }

    [Test]
    public void A_file_that_is_not_there_or_must_not_be_changed_is_logged_and_no_more([Values] bool isThere)
    {
        if (isThere)
            File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        else
            File.Delete(_file);
        _dns.Add("office", UsePeerDns.Yes, Office);
        Assert.That(_log.Lines.Single(), Does.Contain(_file).And.Contains("use-peer-dns"));
        Assert.That(File.Exists(_file), Is.EqualTo(isThere));
        if (isThere)
            MustBeAsBefore();
    }

    [Test]
    public void A_file_that_is_mounted_on_its_own_is_written_in_place([Values] bool isFolderReadOnly)
    {
        string mounted = Path.Combine(_folder, "mounted");
        Directory.CreateDirectory(mounted);
        string file = Path.Combine(mounted, "resolv.conf");
        if (Run("mount", "-t", "tmpfs", "none", mounted) != 0)
            Assert.Ignore("nothing can be mounted here");
        try
        {
            File.WriteAllText(file, "");
            Assert.That(Run("mount", "--bind", _file, file), Is.Zero);
            if (isFolderReadOnly)
                Assert.That(Run("mount", "-o", "remount,ro", mounted), Is.Zero);
            PeerDns dns = new(file, _log);
            dns.Add("office", UsePeerDns.Exclusively, Office);
            Assert.That(Servers(), Is.EqualTo(["10.0.0.53", "10.0.1.53"]));
            dns.Remove("office");
            MustBeAsBefore();
            Assert.That(_log.Lines, Is.Empty);
        }
        finally
        {
            Run("umount", file);
            Run("umount", mounted);
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private string[] Servers() =>
    [
        .. File.ReadAllLines(_file).Where(line => line.StartsWith("nameserver ", StringComparison.Ordinal))
            .Select(line => line["nameserver ".Length..]),
    ];

    private void MustBeAsBefore() => Assert.That(File.ReadAllText(_file), Is.EqualTo(Before));
}

using System.Text;

namespace Pptp.Model.Tests;

/// <summary>Files that cannot be read, files that include others, files that hold a password.</summary>
internal sealed class FileTests
{
    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_file_that_is_not_there_is_told() =>
        Assert.That(FindingsOf(_folder["none.toml"]), Is.EqualTo(new[] { "none.toml: error: there is no such file" }));

    [Test]
    public void A_file_in_a_folder_that_is_not_there_is_told() =>
        Assert.That(FindingsOf(_folder["no/none.toml"]),
            Is.EqualTo(new[] { "no/none.toml: error: there is no such file" }));

    [Test]
    public void A_folder_is_no_configuration()
    {
        Directory.CreateDirectory(_folder["folder"]);
        Assert.That(FindingsOf(_folder["folder"]), Is.EqualTo(new[] { "folder: error: is a folder, not a file" }));
    }

    [TestCase("")]
    [TestCase("a\0b")]
    public void What_is_no_name_of_a_file_is_told(string path) =>
        Assert.That(ConfigurationLoader.Load(path).Findings.Single().Message, Is.EqualTo("is not the name of a file"));

    [Test]
    public void A_file_that_is_not_UTF8_is_told_with_its_line()
    {
        _folder.Write("latin1.toml", [.. "[system]\n# gr"u8, 0xFC, .. "n\n"u8]);
        Assert.That(FindingsOf(_folder["latin1.toml"]),
            Is.EqualTo(new[] { "latin1.toml: error: is not UTF-8 text, first on line 2" }));
    }

    [Test]
    public void A_file_of_a_hundred_megabytes_is_refused()
    {
        using (FileStream file = File.Create(_folder["large.toml"]))
        {
            file.SetLength(100_000_000);
        }

        Assert.That(FindingsOf(_folder["large.toml"]),
            Is.EqualTo(new[] { "large.toml: error: is too large: at most 16777216 bytes are read" }));
    }

    [Test]
    public void A_device_without_an_end_is_refused() =>
        Assert.That(ConfigurationLoader.Load("/dev/zero").Findings.Single().Message,
            Is.EqualTo("is too large: at most 16777216 bytes are read"));

    [Test]
    public void A_byte_order_mark_and_Windows_line_ends_do_not_matter()
    {
        byte[] text = [.. Encoding.UTF8.Preamble, .. "[pptp-server]\r\nenabled = true\r\nmax-mtuu = 1\r\n"u8];
        Assert.That(FindingsOf(_folder.Write("bom.toml", text)), Has.Some.EqualTo(
            "bom.toml:3:1: error: pptp-server.max-mtuu: unknown property \"max-mtuu\"; did you mean max-mtu?"));
    }

    [Test]
    public void Includes_are_read_in_the_order_of_their_names_and_hidden_files_are_not()
    {
        _folder.Write("pptpd.toml", "include = [\"secrets.d/*.toml\"]\n");
        _folder.Write("secrets.d/20.toml", Secret("second"));
        _folder.Write("secrets.d/10.toml", Secret("first"));
        _folder.Write("secrets.d/.30.toml", Secret("hidden"));
        _folder.Write("secrets.d/40.toml~", Secret("backup"));
        ConfigurationResult result = ConfigurationLoader.Load(_folder["pptpd.toml"]);

        Assert.That(result.Configuration!.Secrets.Select(secret => secret.Name),
            Is.EqualTo(new[] { "first", "second" }));
        Assert.That(result.Files.Select(Path.GetFileName), Is.EqualTo(new[] { "pptpd.toml", "10.toml", "20.toml" }));
    }

    [Test]
    public void A_file_that_two_patterns_name_is_read_once()
    {
        _folder.Write("pptpd.toml", $"include = [\"a.toml\", \"*.toml\", \"./a.toml\", \"{_folder["a.toml"]}\"]\n");
        _folder.Write("a.toml", Secret("alice"));

        Assert.That(ConfigurationLoader.Load(_folder["pptpd.toml"]).Errors, Is.Empty);
    }

    [Test]
    public void A_pattern_may_match_nothing_but_a_name_must_be_there()
    {
        _folder.Write("pptpd.toml", "include = [\"none.d/*.toml\", \"x?.toml\", \"none.toml\"]\n");

        Assert.That(ErrorsOf(_folder["pptpd.toml"]), Is.EqualTo(new[] { "none.toml: error: there is no such file" }));
    }

    [TestCase("include = 7", "pptpd.toml:1:11: error: include: must be a list of file names, not 7")]
    [TestCase("include = [\"\"]", "pptpd.toml:1:12: error: include: must be a list of file names, not \"\"")]
    [TestCase("include = [\"*/a.toml\"]",
        "pptpd.toml:1:12: error: include: takes * and ? in the file name only, not in folders")]
    public void A_wrong_include_is_told(string text, string finding)
    {
        _folder.Write("pptpd.toml", text + "\n");
        Assert.That(ErrorsOf(_folder["pptpd.toml"]), Is.EqualTo(new[] { finding }));
    }

    [Test]
    public void An_included_file_may_not_include()
    {
        _folder.Write("pptpd.toml", "include = \"a.toml\"\n");
        _folder.Write("a.toml", "include = [\"b.toml\"]\n");

        Assert.That(ErrorsOf(_folder["pptpd.toml"]),
            Is.EqualTo(new[] { "a.toml:1:1: error: include: only the main file may include others" }));
    }

    [Test]
    public void Mistakes_of_all_files_are_told_the_main_file_first()
    {
        _folder.Write("pptpd.toml", "include = [\"*.d/x\", \"z.toml\", \"b.toml\"]\n[pptp-server]\nmax-mtu = 1\n");
        _folder.Write("z.toml", "[pptp-server]\nmax-mtu = 1400\nmax-mru = 1\n");
        _folder.Write("b.toml", "[[ppp-secret]]\nname = \"b\"\npassword = \"x\"\nprofile = \"none\"\n");

        Assert.That(ErrorsOf(_folder["pptpd.toml"]), Is.EqualTo(new[]
        {
            "pptpd.toml:1:12: error: include: takes * and ? in the file name only, not in folders",
            "pptpd.toml:3:11: error: pptp-server.max-mtu: must be an integer from 512 to 1500, not 1",
            "z.toml:2:1: error: pptp-server.max-mtu: is set twice, first at pptpd.toml:3:1",
            "z.toml:3:11: error: pptp-server.max-mru: must be an integer from 512 to 1500, not 1",
            "b.toml:4:11: error: ppp-secret.profile: unknown profile \"none\"",
        }));
    }

    [Test]
    public void A_single_table_may_go_on_in_another_file()
    {
        _folder.Write("pptpd.toml", "include = \"more.toml\"\n[pptp-server]\nenabled = true\n");
        _folder.Write("more.toml", "[pptp-server]\nmax-mtu = 1400\n");
        PptpServerSettings server = ConfigurationLoader.Load(_folder["pptpd.toml"]).Configuration!.PptpServer;

        Assert.That((server.Enabled, server.MaxMtu), Is.EqualTo((true, 1400)));
    }

    [TestCase("open sesame\n", "open sesame")]
    [TestCase("open sesame\r\n", "open sesame")]
    [TestCase("open sesame", "open sesame")]
    [TestCase(" two \n\n", " two \n")]
    public void One_newline_at_the_end_of_a_password_file_is_not_of_the_password(string text, string password)
    {
        _folder.Write("sub/bob.pw", text);
        _folder.Write("pptpd.toml", "include = \"sub/bob.toml\"\n");
        _folder.Write("sub/bob.toml", "[[ppp-secret]]\nname = \"bob\"\npassword = { file = \"bob.pw\" }\n");

        SecretValue secret = ConfigurationLoader.Load(_folder["pptpd.toml"]).Configuration!.Secrets[0].Password!;
        Assert.That((secret.Kind, secret.Password, secret.Path), Is.EqualTo((SecretKind.File, password, "bob.pw")));
    }

    [Test]
    public void A_client_reads_its_password_from_a_file_as_a_secret_does()
    {
        UnixFileMode everyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        TestFolder.SetMode(_folder.Write("sub/out.pw", "open sesame\n"), everyone);
        TestFolder.SetMode(_folder.Write("pptpd.toml", "include = \"sub/*.toml\"\n"), everyone);
        TestFolder.SetMode(_folder.Write("sub/a.toml", Client("a", "{ file = \"out.pw\" }")), everyone);
        TestFolder.SetMode(_folder.Write("sub/b.toml", Client("b", "\"x\"")), everyone);
        _folder.Write("sub/c.toml", Client("c", "\"x\""));

        ConfigurationResult result = ConfigurationLoader.Load(_folder["pptpd.toml"]);
        SecretValue secret = result.Configuration!.Clients[0].Password!;
        Assert.That(
            (secret.Kind, secret.Password, secret.Path), Is.EqualTo((SecretKind.File, "open sesame", "out.pw")));
        Assert.That(FindingsOf(_folder["pptpd.toml"]), Is.EqualTo(new[]
        {
            "sub/a.toml:5:12: warning: pptp-client.password: sub/out.pw can be read by everyone; chmod o-r mends it",
            "sub/b.toml: warning: holds secrets and can be read by everyone; chmod o-r mends it",
        }));
    }

    [TestCase("", "is empty")]
    [TestCase("\n", "is empty")]
    public void A_password_file_without_a_password_is_refused(string text, string message)
    {
        string path = _folder.Write("bob.pw", text);
        _folder.Write("pptpd.toml", BobFromFile);
        Assert.That(ErrorsOf(_folder["pptpd.toml"]),
            Is.EqualTo(new[] { $"pptpd.toml:3:12: error: ppp-secret.password: {path} {message}" }
                .Select(Shorten)));
    }

    [Test]
    public void A_password_file_that_is_a_folder_or_too_large_is_refused()
    {
        _folder.Write("pptpd.toml", BobFromFile);
        Directory.CreateDirectory(_folder["bob.pw"]);
        Assert.That(ErrorsOf(_folder["pptpd.toml"]).Single(), Does.EndWith("bob.pw is a folder, not a file"));

        Directory.Delete(_folder["bob.pw"]);
        _folder.Write("bob.pw", new byte[5000]);
        Assert.That(ErrorsOf(_folder["pptpd.toml"]).Single(),
            Does.EndWith("bob.pw is too large: at most 4096 bytes are read"));
    }

    [Test]
    public void Secrets_that_everyone_can_read_are_told_once_for_each_file()
    {
        UnixFileMode everyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead;
        TestFolder.SetMode(_folder.Write("pptpd.toml", "include = \"*.toml\"\n"), everyone);
        TestFolder.SetMode(_folder.Write("a.toml", Secret("a1") + Secret("a2")), everyone);
        _folder.Write("b.toml", Secret("b") + BobFromFile);
        TestFolder.SetMode(_folder.Write("bob.pw", "x"), everyone);

        Assert.That(FindingsOf(_folder["pptpd.toml"]).Where(finding => finding.Contains("everyone")), Is.EqualTo(new[]
        {
            "a.toml: warning: holds secrets and can be read by everyone; chmod o-r mends it",
            "b.toml:9:12: warning: ppp-secret.password: bob.pw can be read by everyone; chmod o-r mends it",
        }));
    }

    private const string BobFromFile = "[[ppp-secret]]\nname = \"bob\"\npassword = { file = \"bob.pw\" }\n";

    private static string Secret(string name) =>
        $"[[ppp-secret]]\nname = \"{name}\"\npassword = \"x\"\nlocal-address = \"10.0.0.1\"\n"
        + "remote-address = \"10.0.0.2\"\n\n";

    private static string Client(string name, string password) =>
        $"[[pptp-client]]\nname = \"{name}\"\nconnect-to = \"192.0.2.1\"\nuser = \"u\"\npassword = {password}\n"
        + "disabled = false\n";

    private string[] FindingsOf(string path) =>
        [.. ConfigurationLoader.Load(path).Findings.Select(finding => Shorten(finding.ToString()))];

    private string[] ErrorsOf(string path) =>
        [.. ConfigurationLoader.Load(path).Errors.Select(finding => Shorten(finding.ToString()))];

    private string Shorten(string finding) => finding.Replace(_folder[""] + "/", "", StringComparison.Ordinal);
}

using System.Text;
using Pptp.Model.Editing;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Tests.Editing;

/// <summary>A change of the configuration's files, and all that it must leave alone.</summary>
internal sealed class ConfigurationEditorTests
{
    private static readonly RowName Server = new(Menus.PptpServer);
    private static readonly RowName Alice = new(Menus.PppSecret, "alice");

    // What stood there, the change, what is to stand there. In all of them an é and a sign outside the first plane, so
    // that octets, UTF-16 units and characters cannot be taken for one another.
    private static readonly TestCaseData[] Changes =
    [
        new TestCaseData(
            "# 😀 é\n[pptp-server]\nmax-mtu = 1400 # why é\nmax-mru=1400\n",
            new ConfigurationEdit.Set(Server, "max-mtu", "1300"),
            "# 😀 é\n[pptp-server]\nmax-mtu = 1300 # why é\nmax-mru=1400\n").SetArgDisplayNames("a value"),
        new TestCaseData(
            "[pptp-server]\r\n\tmax-mtu\t=\t1400\t# 😀 \r\n# end",
            new ConfigurationEdit.Set(Server, "max-mtu", "1300"),
            "[pptp-server]\r\n\tmax-mtu\t=\t1300\t# 😀 \r\n# end").SetArgDisplayNames("CRLF, tabs, no last line end"),
        new TestCaseData(
            "[pptp-server]\r\n\tmax-mru\t=\t1400\t# 😀 \r\n\r\n# end",
            new ConfigurationEdit.Set(Server, "max-mtu", "1300"),
            "[pptp-server]\r\n\tmax-mru\t=\t1400\t# 😀 \r\n\tmax-mtu = 1300\r\n\r\n# end")
            .SetArgDisplayNames("a new key in CRLF"),
        new TestCaseData(
            "[pptp-server] # é",
            new ConfigurationEdit.Set(Server, "max-mtu", "1300"),
            "[pptp-server] # é\nmax-mtu = 1300").SetArgDisplayNames("a new key after a header alone"),
        new TestCaseData(
            "# nothing\n",
            new ConfigurationEdit.Set(Server, "max-mtu", "1300"),
            "# nothing\n\n[pptp-server]\nmax-mtu = 1300\n").SetArgDisplayNames("a table that is not there"),
        new TestCaseData(
            "",
            new ConfigurationEdit.Set(new(Menus.PppProfile, "default"), "comment", "é"),
            "[[ppp-profile]]\nname = \"default\"\ncomment = \"é\"\n").SetArgDisplayNames("a built-in row"),
        new TestCaseData(
            "[pptp-server]\nauthentication = [ # é 😀\n  \"pap\", # weak\n  \"mschap2\",\n] # all\nmax-mtu = 1400\n",
            new ConfigurationEdit.Set(Server, "authentication", "mschap2"),
            "[pptp-server]\nauthentication = [\"mschap2\"] # all\nmax-mtu = 1400\n").SetArgDisplayNames("a list of lines"),
        new TestCaseData(
            "[[ppp-secret]]\nname = \"\"\"alice\"\"\"\n'password' = '''old\n#=\"[x]'''  # é\ncomment='a # b' # c\n",
            new ConfigurationEdit.Set(Alice, "password", "new \"é\" 😀\\"),
            "[[ppp-secret]]\nname = \"\"\"alice\"\"\"\n'password' = \"new \\\"é\\\" 😀\\\\\"  # é\ncomment='a # b' # c\n")
            .SetArgDisplayNames("quoted keys, texts of every kind"),
        new TestCaseData(
            "[[ \"ppp-secret\" ]] # row\n  \"name\"=\"\\u0061lice\"\n  password=\"x\"\n",
            new ConfigurationEdit.Set(Alice, "comment", "two\nlines"),
            "[[ \"ppp-secret\" ]] # row\n  \"name\"=\"\\u0061lice\"\n  password=\"x\"\n  comment = \"two\\nlines\"\n")
            .SetArgDisplayNames("a quoted header, an escaped name"),
        new TestCaseData(
            Secret("bob") + "# é\n" + Secret("alice") + Secret("carol"),
            ConfigurationEdit.Disable(Alice),
            Secret("bob") + "# é\n" + Secret("alice").TrimEnd() + "\ndisabled = true\n\n" + Secret("carol"))
            .SetArgDisplayNames("one row of several"),
        new TestCaseData(
            Secret("alice") + "disabled = true\n",
            ConfigurationEdit.Enable(Alice),
            Secret("alice") + "disabled = false\n").SetArgDisplayNames("a key after a blank line"),
        new TestCaseData(
            "[[ppp-secret]]\n# name\nname = \"alice\"\ncomment = \"x\" # é\n# password\npassword = \"x\"\n",
            new ConfigurationEdit.Unset(Alice, "comment"),
            "[[ppp-secret]]\n# name\nname = \"alice\"\n# password\npassword = \"x\"\n").SetArgDisplayNames("a key less"),
        new TestCaseData(
            Secret("alice") + "caller-id = '''192.0.2.1'''",
            new ConfigurationEdit.Set(Alice, "caller-id", ""),
            Secret("alice")).SetArgDisplayNames("a value that is no value"),
        new TestCaseData(
            Secret("alice"), new ConfigurationEdit.Unset(Alice, "comment"), Secret("alice"))
            .SetArgDisplayNames("a key that is not there"),
        new TestCaseData(
            Secret("bob") + "# é\n" + Secret("alice") + "# carol 😀\n" + Secret("carol"),
            new ConfigurationEdit.Remove(Alice),
            Secret("bob") + "# é\n\n# carol 😀\n" + Secret("carol")).SetArgDisplayNames("a row less"),
        new TestCaseData(
            Secret("bob") + "# users end here\n\n# the server\n[pptp-server]\nmax-mtu = 1400\n",
            AddAlice(),
            Secret("bob") + "# users end here\n\n" + Secret("alice") + "# the server\n[pptp-server]\nmax-mtu = 1400\n")
            .SetArgDisplayNames("a row more, before another table"),
        new TestCaseData(
            "[pptp-server]\r\nmax-mtu = 1400",
            AddAlice(),
            "[pptp-server]\r\nmax-mtu = 1400\r\n\r\n" + Secret("alice").TrimEnd().ReplaceLineEndings("\r\n"))
            .SetArgDisplayNames("a first row"),
    ];

    private TestFolder _folder = null!;
    private PlainReplacer _files = null!;

    [SetUp]
    public void MakeFolder() => (_folder, _files) = (new TestFolder(), new PlainReplacer());

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(nameof(Changes))]
    public void A_change_leaves_everything_else_as_it_was(string before, ConfigurationEdit edit, string after)
    {
        EditResult result = Apply(before, edit);

        Assert.That(result, Is.TypeOf<EditResult.Saved>(), result.ToString());
        Assert.That(Text(), Is.EqualTo(after));
    }

    [TestCaseSource(nameof(Changes))]
    public void What_is_saved_is_what_is_loaded_afterwards(string before, ConfigurationEdit edit, string after)
    {
        EditResult.Saved saved = (EditResult.Saved)Apply(before, edit);

        Assert.That(after, Is.EqualTo(Text()));
        Assert.That(saved.Configuration, Is.EqualTo(ConfigurationLoader.Load(_folder["pptpd.toml"]).Configuration));
    }

    [Test]
    public void A_byte_order_mark_stays()
    {
        _folder.Write("pptpd.toml", [.. Encoding.UTF8.Preamble, .. "[system]\nidentity = \"a\"\n"u8]);
        Assert.That(Editor().Apply(new ConfigurationEdit.Set(new(Menus.System), "identity", "b")), Is.TypeOf<EditResult.Saved>());

        byte[] expected = [.. Encoding.UTF8.Preamble, .. "[system]\nidentity = \"b\"\n"u8];
        Assert.That(File.ReadAllBytes(_folder["pptpd.toml"]), Is.EqualTo(expected));
    }

    [Test]
    public void What_is_added_and_removed_again_leaves_the_file_as_it_was([Values] bool isLast)
    {
        string before = Secret("bob") + (isLast ? "" : "# c\n[system]\nidentity = \"x\"\n");
        _folder.Write("pptpd.toml", before);
        ConfigurationEditor editor = Editor();
        for (int i = 0; i < 3; i++)
        {
            Assert.That(editor.Apply(AddAlice()), Is.TypeOf<EditResult.Saved>());
            Assert.That(editor.Apply(new ConfigurationEdit.Remove(Alice)), Is.TypeOf<EditResult.Saved>());
        }

        Assert.That(Text().Trim(), Is.EqualTo(before.Trim()));
    }

    [Test]
    public void The_shipped_file_keeps_every_line_of_its_own()
    {
        string before = File.ReadAllText(Repository.File("config/pptpd.toml"));
        EditResult result = Apply(
            before, AddAlice(), new ConfigurationEdit.Set(Server, "max-mtu", "1400"), ConfigurationEdit.Disable(Alice));

        Assert.That(result, Is.TypeOf<EditResult.Saved>(), result.ToString());
        List<string> left = [.. Text().Split('\n')];
        foreach (string line in before.Split('\n'))
        {
            int at = left.IndexOf(line);
            Assert.That(at, Is.Not.Negative, line);
            left.RemoveRange(0, at + 1);
        }
    }

    [Test]
    public void A_row_is_sought_and_added_in_the_file_that_holds_it()
    {
        string main = _folder.Write("pptpd.toml", "include = [\"d/*.toml\"]\n[pptp-server]\nmax-mtu = 1400\n");
        _folder.Write("d/a.toml", Secret("bob"));
        _folder.Write("d/b.toml", "# b\n" + Secret("carol"));
        _folder.Write("d/c.toml", "[pptp-server]\nmax-mru = 1400\n");
        ConfigurationEditor editor = Editor();

        Assert.Multiple(() =>
        {
            Assert.That(editor.Apply(AddAlice()), Is.TypeOf<EditResult.Saved>());
            Assert.That(editor.Apply(ConfigurationEdit.Disable(new(Menus.PppSecret, "bob"))), Is.TypeOf<EditResult.Saved>());
            Assert.That(editor.Apply(new ConfigurationEdit.Set(Server, "max-mru", "1300")), Is.TypeOf<EditResult.Saved>());
            Assert.That(editor.Apply(new ConfigurationEdit.Set(Server, "max-sessions", "7")), Is.TypeOf<EditResult.Saved>());
            Assert.That(Text("d/a.toml"), Is.EqualTo(Secret("bob").TrimEnd() + "\ndisabled = true\n\n"));
            Assert.That(Text("d/b.toml"), Is.EqualTo("# b\n" + Secret("carol") + "\n" + Secret("alice")[..^1]));
            Assert.That(Text("d/c.toml"), Is.EqualTo("[pptp-server]\nmax-mru = 1300\n"));
            Assert.That(File.ReadAllText(main), Does.EndWith("max-mtu = 1400\nmax-sessions = 7\n"));
        });
    }

    [Test]
    public void A_secret_is_told_from_its_namesake_by_the_service()
    {
        string two = "[[ppp-secret]]\nname = \"alice\"\npassword = \"x\"\n"
            + "[[ppp-secret]]\nname = \"alice\"\npassword = \"x\"\nservice = \"pptp\"\n";

        Assert.That(Reason(two, ConfigurationEdit.Disable(Alice)), Does.Contain("there are several"));
        Apply(two, ConfigurationEdit.Disable(Alice with { Service = "any" }));
        Assert.That(Text(), Does.Contain("disabled = true\n[[ppp-secret]]"));
        Apply(two, ConfigurationEdit.Disable(Alice with { Service = "pptp" }));
        Assert.That(Text(), Does.EndWith("service = \"pptp\"\ndisabled = true\n"));
    }

    private static readonly TestCaseData[] Refusals =
    [
        new(new ConfigurationEdit.Set(Alice, "passwort", "x"), "unknown parameter passwort"),
        new(new ConfigurationEdit.Set(Alice, "last-caller-id", "x"), "cannot be set"),
        new(new ConfigurationEdit.Set(Server, "max-mtu", "70000"), "must be an integer from 512 to 1500"),
        new(new ConfigurationEdit.Set(Alice, "profile", "none"), "unknown profile"),
        new(new ConfigurationEdit.Set(Alice, "name", "bob"), "is there already"),
        new(new ConfigurationEdit.Unset(Alice, "password"), "is missing"),
        new(new ConfigurationEdit.Set(Alice with { Name = "nobody" }, "comment", "x"), "no such item"),
        new(new ConfigurationEdit.Remove(Alice with { Name = "nobody" }), "no such item"),
        new(new ConfigurationEdit.Remove(Server), "cannot be removed"),
        new(new ConfigurationEdit.Remove(new(Menus.PppProfile, "default")), "is built in"),
        new(AddAlice(), "is there already"),
        new(new ConfigurationEdit.Set(new(Menus.PppSecret, "bob"), "password", "x"), "is kept in a file of its own"),
    ];

    [TestCaseSource(nameof(Refusals))]
    public void What_cannot_be_is_refused_with_its_reason_and_changes_nothing(ConfigurationEdit edit, string reason)
    {
        _folder.Write("bob.pw", "secret");
        string before = Secret("alice") + "[[ppp-secret]]\nname = \"bob\"\npassword = { file = \"bob.pw\" }\n"
            + "[pptp-server]\nmax-mtu = 1400\n";

        Assert.That(Reason(before, edit), Does.Contain(reason));
        Assert.That(Text(), Is.EqualTo(before));
        Assert.That(_files.Writes, Is.Zero);
    }

    [Test]
    public void Of_several_changes_all_are_made_or_none()
    {
        Assert.That(Reason(Secret("alice"),
            ConfigurationEdit.Disable(Alice), new ConfigurationEdit.Set(Alice, "profile", "none")), Does.Contain("none"));
        Assert.That(Text(), Is.EqualTo(Secret("alice")));
    }

    [Test]
    public void A_secret_that_is_refused_is_not_repeated()
    {
        string reason = Reason(Secret("alice"), new ConfigurationEdit.Set(Alice, "password", "Tiger-" + new string('x', 300)));
        Assert.That(reason, Does.Contain("too long").And.Not.Contain("Tiger"));
    }

    [Test]
    public void A_file_with_errors_is_not_touched()
    {
        string reason = Reason(Secret("alice") + "colour = \"red\"\n", ConfigurationEdit.Disable(Alice));
        Assert.That(reason, Does.Contain("the configuration has errors").And.Contain("colour"));
    }

    [Test]
    public void A_file_that_cannot_be_saved_refuses_with_the_reason()
    {
        _files.Refusal = "cannot be saved: there is no space left";
        Assert.That(Reason(Secret("alice"), ConfigurationEdit.Disable(Alice)), Does.EndWith("there is no space left"));
    }

    [Test]
    public void A_change_made_by_an_editor_meanwhile_is_not_lost()
    {
        string changed = "# by hand\n" + Secret("alice");
        _files.Before = path =>
        {
            _files.Before = null;
            File.WriteAllText(path, changed);
        };
        Assert.That(Apply(Secret("alice"), ConfigurationEdit.Disable(Alice)), Is.TypeOf<EditResult.Saved>());

        Assert.That(Text(), Is.EqualTo("# by hand\n" + Secret("alice").TrimEnd() + "\ndisabled = true\n\n"));
    }

    [Test]
    public void A_file_that_changes_all_the_time_is_given_up()
    {
        int n = 0;
        _files.Before = path => File.AppendAllText(path, $"# {n++}\n");
        Assert.That(Reason(Secret("alice"), ConfigurationEdit.Disable(Alice)), Does.Contain("by somebody else"));
    }

    [Test]
    public void Changes_made_at_once_are_all_there_in_the_end()
    {
        string[] names = [.. Enumerable.Range(0, 24).Select(i => $"user-{i}")];
        _folder.Write("pptpd.toml", string.Concat(names.Select(Secret)));
        ConfigurationEditor editor = Editor();

        Parallel.ForEach(names, new ParallelOptions { MaxDegreeOfParallelism = 8 }, name =>
            Assert.That(editor.Apply(ConfigurationEdit.Disable(new(Menus.PppSecret, name))), Is.TypeOf<EditResult.Saved>()));

        Assert.That(
            ConfigurationLoader.Load(_folder["pptpd.toml"]).Configuration!.Secrets.Select(secret => secret.Disabled),
            Has.Exactly(24).True);
    }

    private static ConfigurationEdit.Add AddAlice() => new(Menus.PppSecret,
    [
        new("name", new ConfigurationValue.Text("alice", SourcePosition.Start)),
        new("password", new ConfigurationValue.Text("x-alice", SourcePosition.Start)),
    ]);

    private static string Secret(string name) => $"[[ppp-secret]]\nname = \"{name}\"\npassword = \"x-{name}\"\n\n";

    private EditResult Apply(string text, params ConfigurationEdit[] edits)
    {
        _folder.Write("pptpd.toml", text);
        return Editor().Apply(edits);
    }

    private string Reason(string text, params ConfigurationEdit[] edits) =>
        Apply(text, edits) is EditResult.Refused refused ? refused.Reason : "it was not refused";

    private ConfigurationEditor Editor() => new(_folder["pptpd.toml"], _files);

    private string Text(string name = "pptpd.toml") => File.ReadAllText(_folder[name]);
}

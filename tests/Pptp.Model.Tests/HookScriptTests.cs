namespace Pptp.Model.Tests;

public sealed class HookScriptTests
{
    private static readonly object[][] Lines =
    [
        ["/bin/up", new[] { "/bin/up" }],
        ["  /bin/up\t-x   y ", new[] { "/bin/up", "-x", "y" }],
        ["/bin/up \"a b\" \"\" c\"d e\"f", new[] { "/bin/up", "a b", "", "cd ef" }],
        [@"""/opt/my programs/up"" a\ b \""c\"" \\", new[] { "/opt/my programs/up", "a b", "\"c\"", @"\" }],
        ["/bin/sh -c 'x' $HOME * ; |", new[] { "/bin/sh", "-c", "'x'", "$HOME", "*", ";", "|" }],
    ];

    [TestCaseSource(nameof(Lines))]
    public void A_line_is_a_program_and_its_arguments_without_a_shell(string line, string[] words)
    {
        Assert.That(HookScript.TryParse(line, out HookScript? script, out string? problem), Is.True, problem);
        Assert.That(script!.Programs, Has.Count.EqualTo(1));
        Assert.That((string[])[script.Programs[0].Path, .. script.Programs[0].Arguments], Is.EqualTo(words));
        Assert.That(script.Text, Is.EqualTo(line));
    }

    [Test]
    public void Several_lines_are_several_programs_and_some_say_nothing()
    {
        Assert.That(HookScript.TryParse("\n/bin/a\r\n  # a note\n\n/bin/b x\n", out HookScript? script, out _), Is.True);
        Assert.That(script!.Programs.Select(program => program.Path), Is.EqualTo(new[] { "/bin/a", "/bin/b" }));
    }

    [TestCase("up.sh", "must name a program by its absolute path, not up.sh")]
    [TestCase(":log info hello", "must name a program by its absolute path, not :log")]
    [TestCase("/bin/ok\n\"\"", "must name a program by its absolute path, not ")]
    [TestCase("/bin/up \"a", "has a quote or a backslash without its end: /bin/up \"a")]
    [TestCase("/bin/up \\", "has a quote or a backslash without its end: /bin/up \\")]
    public void What_cannot_be_run_is_refused_with_the_reason(string text, string problem)
    {
        Assert.That(HookScript.TryParse(text, out HookScript? script, out string? said), Is.False);
        Assert.That(script, Is.Null);
        Assert.That(said, Is.EqualTo(problem));
    }

    [Test]
    public void Two_of_the_same_text_are_equal()
    {
        HookScript first = Parse("/bin/a");
        HookScript second = Parse("/bin/a");
        Assert.That(first, Is.EqualTo(second));
        Assert.That(first.GetHashCode(), Is.EqualTo(second.GetHashCode()));
        Assert.That(first, Is.Not.EqualTo(Parse("/bin/a x")));

        static HookScript Parse(string text)
        {
            Assert.That(HookScript.TryParse(text, out HookScript? script, out _), Is.True);
            return script!;
        }
    }

    [Test]
    public void A_program_that_is_not_there_or_not_executable_is_warned_of()
    {
        string folder = Directory.CreateTempSubdirectory("pptpd-hooks-").FullName;
        try
        {
            string script = Path.Combine(folder, "up.sh");
            File.WriteAllText(script, "");
            string file = Path.Combine(folder, "pptpd.toml");
            File.WriteAllText(file, $"[[ppp-profile]]\nname = \"p\"\non-up = \"{script}\"\non-down = \"/no/such/program x\"\n");
            ConfigurationResult result = ConfigurationLoader.Load(file);
            string[] warnings = [.. result.Warnings.Select(warning => $"{warning.Key} {warning.Message}")];
            Assert.That(warnings, Does.Contain("ppp-profile.on-down there is no program /no/such/program"));
            if (OperatingSystem.IsLinux())
                Assert.That(warnings, Does.Contain($"ppp-profile.on-up {script} is not executable: chmod +x {script}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

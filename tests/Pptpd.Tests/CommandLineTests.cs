using System.Diagnostics;

namespace Pptpd.Tests;

/// <summary>The program as a person at a shell meets it.</summary>
public sealed class CommandLineTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("pptpd-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Help_names_every_command()
    {
        Outcome help = Run("--help");
        Assert.That(help.Status, Is.Zero);
        foreach (string command in (string[])["run", "check", "status", "why", "disconnect", "doctor", "health", "hash", "manual", "demo"])
            Assert.That(help.Output, Does.Match($@"(?m)^  {command}\b"));
        Assert.That(help.Output, Does.Not.Contain("demo-half"), "what the demo alone starts");
    }

    [Test]
    public void Version_is_a_version() => Assert.That(Run("--version").Output, Does.Match(@"^\d+\.\d+\.\d+"));

    [Test]
    public void A_hash_is_a_secret_that_can_be_pasted_into_the_configuration()
    {
        // RFC 2759 §9.2: the password clientPass has this hash.
        Outcome hash = RunWith("clientPass\n", "hash", "Us\"er");
        Assert.That(hash.Output, Does.Contain("""nt-hash = "44ebba8d5312b8d611474411f56989ae" """.TrimEnd()));
        string file = Write("[pptp-server]\nenabled = true\n" + hash.Output);
        Outcome check = Run("check", "--config", file);
        Assert.That(check.Status, Is.Zero, check.Errors);
        Assert.That(check.Output, Does.Contain("""name = "Us\"er" """.TrimEnd()));
    }

    [Test]
    public void The_manual_tells_of_properties_that_work_and_of_those_that_do_not()
    {
        Outcome manual = Run("manual");
        Assert.That(manual.Status, Is.Zero, manual.Errors);
        Assert.That(manual.Output, Does.Contain("## /ppp secret\n"));
        Assert.That(manual.Output, Does.Match(@"(?m)^\| `max-mtu` \| an integer from 512 to 1500 \| `1450` \| now \|"));
        Assert.That(manual.Output, Does.Match(@"(?m)^\| `bridge` \| .* \| none here \|"));
        Assert.That(manual.Output, Does.Match(@"(?m)^\| `last-logged-out` \| .* \|  \| read-only \|"));
    }

    [Test]
    public void A_hash_of_nothing_is_refused()
    {
        Outcome hash = RunWith("\n", "hash", "alice");
        Assert.That(hash.Status, Is.EqualTo(2));
        Assert.That(hash.Errors, Does.Contain("no password given"));
    }

    [Test]
    public void Check_masks_passwords()
    {
        string file = Write("[pptp-server]\nenabled = true\n[[ppp-secret]]\nname = \"alice\"\npassword = \"StrongPass\"\n");
        Outcome check = Run("check", "--config", file);
        Assert.That(check.Status, Is.Zero, check.Errors);
        Assert.That(check.Output + check.Errors, Does.Contain("alice").And.Not.Contain("StrongPass"));
    }

    [TestCase("check")]
    [TestCase("run")]
    [TestCase("health")]
    [TestCase("status")]
    public void All_errors_of_a_configuration_are_said_at_once_and_nothing_is_begun(string command)
    {
        string file = Write("[pptp-server]\nenabeld = true\nmax-mtu = 70000\n");
        Outcome outcome = Run(command, "--config", file);
        Assert.That(outcome.Status, Is.EqualTo(2));
        Assert.That(outcome.Errors, Does.Contain($"{file}:2:1: error: ").And.Contain("enabled").And.Contain($"{file}:3:"));
    }

    [Test]
    public void A_file_that_is_not_there_is_named()
    {
        Outcome outcome = Run("check", "--config", Path.Combine(_folder, "none.toml"));
        Assert.That(outcome.Status, Is.EqualTo(2));
        Assert.That(outcome.Errors, Does.Contain("none.toml"));
    }

    [Test]
    public void The_shipped_configuration_lies_beside_the_program_and_has_no_error()
    {
        Outcome outcome = Run("check", "--config", Path.Combine(AppContext.BaseDirectory, "pptpd.toml"));
        Assert.That(outcome.Status, Is.Zero, outcome.Errors);
        Assert.That(outcome.Output, Does.Contain("use-encryption = \"required\""));
    }

    [Test]
    public void Health_of_a_server_that_does_not_answer_is_a_failure()
    {
        // Port 1 of the loopback: nobody listens there.
        string file = Write("[pptp-server]\nenabled = true\nlisten = [\"127.0.0.1:1\"]\n");
        Outcome outcome = Run("health", "--config", file);
        Assert.That(outcome.Status, Is.EqualTo(1));
        Assert.That(outcome.Errors, Does.Contain("127.0.0.1:1"));
    }

    [TestCase("0")]
    [TestCase("61")]
    public void A_demo_that_never_sends_or_never_ends_is_refused(string seconds)
    {
        Outcome outcome = Run("demo", "--seconds", seconds);
        Assert.That(outcome.Status, Is.Not.Zero);
        Assert.That(outcome.Errors, Does.Contain("--seconds takes 1 to 60"));
    }

    private string Write(string text)
    {
        string file = Path.Combine(_folder, "pptpd.toml");
        File.WriteAllText(file, text);
        return file;
    }

    private static Outcome Run(params string[] arguments) => RunWith("", arguments);

    private static Outcome RunWith(string input, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "pptpd.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill();
            throw new AssertionException($"pptpd {string.Join(' ', arguments)} does not end");
        }
        return new Outcome(process.ExitCode, output.Result, errors.Result);
    }

    private sealed record Outcome(int Status, string Output, string Errors);
}

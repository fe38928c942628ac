using Pptp.Appliance.Aaa;
using Pptp.Appliance.State;
using Pptp.Model;
using Pptp.Model.Editing;

namespace Pptp.Appliance.Tests.State;

/// <summary>A user's new password in the file.</summary>
public sealed class WrittenSecretsTests
{
    private string _folder = "";
    private WrittenSecrets _secrets = null!;

    private string FilePath => Path.Combine(_folder, "pptpd.toml");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("pptpd-secrets-").FullName;
        ConfigurationEditor editor = new(FilePath, DurableFiles.Instance);
        _secrets = new WrittenSecrets((whyNot, edits) => Task.FromResult(editor.Apply(whyNot, edits)));
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_password_is_written_and_is_no_longer_expired()
    {
        PppSecret alice = Write("password = \"old\" # first\npassword-expired = true\ncomment = \"x\"");

        SecretChange change = await ChangeAsync(alice, SecretValue.FromPassword("new \"one\""));

        Assert.That(change, Is.TypeOf<SecretChange.Saved>());
        Assert.That(await File.ReadAllTextAsync(FilePath), Is.EqualTo(
            "[[ppp-secret]]\nname = \"alice\"\npassword = \"new \\\"one\\\"\" # first\ncomment = \"x\"\n"));
    }

    [Test]
    public async Task A_hash_stays_a_hash()
    {
        PppSecret alice = Write("nt-hash = \"0cb6948805f797bf2a82807973b89537\"");
        byte[] hash = Convert.FromHexString("44ebba8d5312b8d611474411f56989ae");

        Assert.That(await ChangeAsync(alice, SecretValue.FromNtHash(hash)), Is.TypeOf<SecretChange.Saved>());
        Assert.That(await File.ReadAllTextAsync(FilePath), Does.Contain("nt-hash = \"44ebba8d5312b8d611474411f56989ae\"\n"));
    }

    [Test]
    public async Task What_the_operator_has_set_meanwhile_stays()
    {
        PppSecret alice = Write("password = \"old\"");
        Write("password = \"of the operator\"");

        Assert.That(ReasonOf(await ChangeAsync(alice, SecretValue.FromPassword("new"))), Does.Contain("changed meanwhile"));
        Assert.That(await File.ReadAllTextAsync(FilePath), Does.Contain("of the operator"));
    }

    [Test]
    public async Task A_read_only_file_is_refused_with_the_reason()
    {
        PppSecret alice = Write("password = \"old\"");
        File.SetAttributes(FilePath, FileAttributes.ReadOnly);

        Assert.That(ReasonOf(await ChangeAsync(alice, SecretValue.FromPassword("new"))), Does.Contain("read-only"));
    }

    private async Task<SecretChange> ChangeAsync(PppSecret secret, SecretValue password) =>
        await _secrets.ChangePasswordAsync(secret, password, CancellationToken.None);

    private static string ReasonOf(SecretChange change) => ((SecretChange.CannotBeSaved)change).Reason;

    private PppSecret Write(string keys)
    {
        File.WriteAllText(FilePath, $"[[ppp-secret]]\nname = \"alice\"\n{keys}\n");
        return ConfigurationLoader.Load(FilePath).Configuration!.Secrets[0];
    }
}

using Pptp.Protocol.Authentication;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Serving;
using Pptp.Testing.Traffic;

namespace Pptp.Integration.Tests;

/// <summary>Clients whose password has expired, and the file after them.</summary>
internal sealed class PasswordChangeTests : ServerFixture
{
    private const string Chosen = "Pass-of-nobody \u00FCber alles";

    private static readonly string PasswordFile = MakePasswordFile();

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Alice],
        Extra = Expired("carol", $"password = \"{ServerConfiguration.PasswordOf("carol")}\" # as told by phone")
            + Expired("dora", $"nt-hash = \"{NtHashOf(ServerConfiguration.PasswordOf("dora"))}\"")
            + Expired("emil", $"password = {{ file = \"{PasswordFile}\" }}"),
    };

    [OneTimeTearDown]
    public void RemovePasswordFile() => File.Delete(PasswordFile);

    [TestCase("carol")]
    [TestCase("dora")]
    [EffectOf("ppp-secret", "password-expired")]
    public async Task An_expired_password_is_changed_in_the_login_and_in_the_file(string user)
    {
        ScriptedCall call = await Host.DialAsync(SettingsOf(user) with { NewPassword = Chosen });
        await MustCarryAsync(call);
        Assert.That(FailureOf(call), Does.Match("^E=648 R=1 C=[0-9A-F]{32} V=3"));
        await call.Caller.DisposeAsync();
        Server.Log.WaitFor($"{user} changed the password from {ClientAddress}", Soon, after: Mark);

        string file = await File.ReadAllTextAsync(ConfigurationFile);
        Assert.That(file, Does.Contain(user == "dora" ? NtHashOf(Chosen) : Chosen));
        Assert.That(file, Does.Not.Contain(ServerConfiguration.PasswordOf(user)));
        Assert.That(file, Does.Contain("# as told by phone"));

        call = await Host.DialAsync(new CallSettings(user, Chosen));
        await MustCarryAsync(call);
        Assert.That(call.Frames.Where(IsFailure), Is.Empty);
        await call.Caller.DisposeAsync();
        Assert.That(() => Host.DialAsync(SettingsOf(user)), Throws.TypeOf<CallEndedException>());

        // What a start reads is what was written.
        Server.Signal("HUP");
        Server.Log.WaitFor("PPTP Server settings changed", Soon, after: Mark);
        call = await Host.DialAsync(new CallSettings(user, Chosen));
        await call.Caller.DisposeAsync();
    }

    [Test]
    public async Task A_password_in_a_file_of_its_own_cannot_be_changed_by_its_user()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(SettingsOf("emil") with { NewPassword = Chosen });
        await call.WaitForEndAsync();

        Assert.That(call.AuthenticationFailure, Does.StartWith("E=709 R=0"));
        Assert.That(await File.ReadAllTextAsync(PasswordFile), Is.EqualTo(ServerConfiguration.PasswordOf("emil")));
        Server.Log.WaitFor("user emil authentication failed - password could not be changed: ", Soon, after: Mark);
    }

    [Test]
    public async Task Who_does_not_know_the_password_does_not_learn_that_it_has_expired()
    {
        await using ScriptedCaller caller = await Host.StartAsync();
        ScriptedCall call = await caller.CallAsync(new CallSettings("emil", "guess") { NewPassword = Chosen });

        Assert.That(async () => await call.WaitForAsync(CallPhase.Up), Throws.TypeOf<CallEndedException>());
        Assert.That(call.AuthenticationFailure, Does.StartWith("E=691 R=1"));
    }

    private static string MakePasswordFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"pptpd-test-{Guid.NewGuid():N}");
        File.WriteAllText(path, ServerConfiguration.PasswordOf("emil"));
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private static bool IsFailure(ReceivedFrame frame) => frame.Protocol == PppWire.Chap && frame.Code == 4;

    private static string FailureOf(ScriptedCall call) =>
        System.Text.Encoding.ASCII.GetString(call.Frames.Single(IsFailure).Information[4..]);

    private static string Expired(string name, string secret) =>
        $"\n[[ppp-secret]]\nname = \"{name}\"\nprofile = \"tunnel\"\npassword-expired = true\n{secret}\n";

    private static string NtHashOf(string password)
    {
        byte[] hash = new byte[MsChapV2.PasswordHashLength];
        MsChapV2.NtPasswordHash(password, hash);
        return Convert.ToHexStringLower(hash);
    }

    private async Task MustCarryAsync(ScriptedCall call)
    {
        SequencedStream stream = new(call, Echo);
        stream.Send(20);
        await stream.WaitForAsync(20);
        Assert.That(call.Undecipherable, Is.Zero);
    }
}

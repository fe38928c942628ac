namespace Pptp.Model.Tests;

/// <summary>A secret appears in no message, no print and no text form.</summary>
internal sealed class SecrecyTests
{
    private const string Password = "Xq7-unheard-of";
    private const string Hash = "0cb6948805f797bf2a82807973b89537";

    // Ways to get the line of a secret wrong. # stands for the secret.
    private static readonly string[] Broken =
    [
        "password = #", "password = \"#", "password = '#", "password = #\"", "password = \"\"\"#", "password = '''#\n",
        "password \"#\"", "password: \"#\"", "password = \"#\" \"#\"", "password = [\"#\"]", "password = { file = # }",
        "password = { file = \"#\"", "password = { text = \"#\" }", "password = { # = \"a\" }", "password = \"\\#\"",
        "password = #,", "password = = \"#\"", "password = \"#\"\npassword = \"#\"", "password = \n\"#\"",
        "password = (#)", "password = \u0001#", "nt-hash = #", "nt-hash = \"#0\"", "nt-hash = [\"#\"]", "nt-hash = '#",
        "nt-hash = 0x#", "PASSWORD = \"#\"", "passwrd = \"#\"", "\"password\" = #", "password.x = \"#\"",
        "password =\"#\nname = 3", "password = \"#\u0007\"", "password = \"a\"#", "nt-hash = { file = \"#\" }",
        "password = \"\"\"\n\n\n#", "password = [\n\n\n#\n]", "comment = \"\"\"\npassword = '#'",
        "comment = a\"\"\"\npassword = \"#\"", "comment = [\"\"\"\npassword = \"#\"\n\"\"\" 3]",
    ];

    [TestCaseSource(nameof(Broken))]
    public void A_line_with_a_secret_may_be_broken_in_any_way_and_the_secret_is_not_repeated(string line)
    {
        foreach (string secret in new[] { Password, Hash, "word with blanks Xq7-unheard-of" })
        {
            string text = $"[[ppp-secret]]\nname = \"bob\"\n{line.Replace("#", secret, StringComparison.Ordinal)}\n";
            ConfigurationResult result = Toml.Parse(text);
            foreach (ConfigurationError finding in result.Findings)
            {
                Assert.That(finding.ToString(),
                    Does.Not.Contain(secret).And.Not.Contain("unheard").And.Not.Contain("0cb69"));
            }

            Assert.That(result.Configuration, Is.Null, text);
        }
    }

    [TestCase("password = \"Xq7-unheard-of\"", "password = \"********\"")]
    [TestCase("nt-hash = \"0cb6948805f797bf2a82807973b89537\"", "nt-hash = \"********\"")]
    public void The_print_masks_it(string line, string printed)
    {
        PptpConfiguration configuration =
            Toml.Parse($"[[ppp-secret]]\nname = \"bob\"\n{line}\n").Configuration!;
        string text = ConfigurationPrinter.Print(configuration);

        Assert.That(text, Does.Contain(printed).And.Not.Contain(Password).And.Not.Contain(Hash));
    }

    [Test]
    public void The_password_of_a_client_is_masked_and_not_repeated_either()
    {
        const string Client = "[[pptp-client]]\nname = \"out\"\nconnect-to = \"192.0.2.1\"\nuser = \"u\"\n";
        PptpConfiguration configuration = Toml.Parse($"{Client}password = \"{Password}\"\n").Configuration!;
        string refused = string.Concat(Toml.Findings($"{Client}password = [\"{Password}\"]\nnt-hash = \"{Hash}\"\n"));

        Assert.That(ConfigurationPrinter.Print(configuration),
            Does.Contain("password = \"********\"").And.Not.Contain(Password));
        Assert.That($"{configuration} {configuration.Clients[0]}", Does.Not.Contain(Password));
        Assert.That(refused, Is.Not.Empty.And.Not.Contain(Password).And.Not.Contain(Hash));
    }

    [Test]
    public void The_secret_of_a_RADIUS_server_is_masked_and_not_repeated_either()
    {
        const string Server = "[[radius]]\naddress = \"192.0.2.10\"\n";
        const string Incoming = "[radius-incoming]\n";
        PptpConfiguration configuration =
            Toml.Parse($"{Server}secret = \"{Password}\"\n{Incoming}secret = \"{Password}\"\n").Configuration!;
        string refused = string.Concat(
            Toml.Findings($"{Server}secret = [\"{Password}\"]\n{Incoming}secret = [\"{Password}\"]\n"));

        Assert.That(ConfigurationPrinter.Print(configuration),
            Does.Contain("secret = \"********\"").And.Not.Contain(Password));
        Assert.That($"{configuration} {configuration.Radius[0]} {configuration.RadiusIncoming}", Does.Not.Contain(Password));
        Assert.That(refused, Is.Not.Empty.And.Not.Contain(Password));
    }

    [Test]
    public void The_print_shows_which_file_holds_it()
    {
        PptpConfiguration configuration = new()
        {
            Secrets = [new() { Name = "bob", Password = SecretValue.FromFile("/run/secrets/bob", Password) }],
        };

        Assert.That(ConfigurationPrinter.Print(configuration),
            Does.Contain("password = { file = \"/run/secrets/bob\" }").And.Not.Contain(Password));
    }

    [Test]
    public void The_text_form_of_a_record_masks_it()
    {
        PppSecret secret = new() { Name = "bob", Password = SecretValue.FromPassword(Password) };
        PptpConfiguration configuration = new() { Secrets = [secret] };

        Assert.That($"{secret} {configuration} {secret.Password}",
            Does.Not.Contain(Password).And.Contain(SecretValue.Mask));
    }

    [Test]
    public void Two_secrets_are_equal_when_kind_place_and_content_are()
    {
        SecretValue text = SecretValue.FromPassword(Password);
        byte[] hash = Convert.FromHexString(Hash);
        Assert.Multiple(() =>
        {
            Assert.That(SecretValue.FromPassword(Password), Is.EqualTo(text));
            Assert.That(SecretValue.FromPassword(Password).GetHashCode(), Is.EqualTo(text.GetHashCode()));
            Assert.That(SecretValue.FromPassword("other"), Is.Not.EqualTo(text));
            Assert.That(SecretValue.FromFile("f", Password), Is.Not.EqualTo(text));
            Assert.That(SecretValue.FromNtHash([.. hash]), Is.EqualTo(SecretValue.FromNtHash(hash)));
            Assert.That(SecretValue.FromNtHash(new byte[16]), Is.Not.EqualTo(SecretValue.FromNtHash(hash)));
            Assert.That(() => SecretValue.FromNtHash(new byte[15]), Throws.ArgumentException);
        });
    }
}

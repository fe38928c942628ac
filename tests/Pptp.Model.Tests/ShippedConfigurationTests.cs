using System.Text.RegularExpressions;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Tests;

/// <summary>config/pptpd.toml, and the examples of the manual.</summary>
internal sealed partial class ShippedConfigurationTests
{
    private static readonly string Shipped = Repository.File("config/pptpd.toml");

    [Test]
    public void It_loads_and_only_says_that_nobody_can_log_in()
    {
        using TestFolder folder = new();
        ConfigurationResult result =
            ConfigurationLoader.Load(folder.Write("pptpd.toml", File.ReadAllText(Shipped)));

        Assert.That(result.Findings.Select(finding => finding.Message),
            Is.EqualTo(new[] { "there is no [[ppp-secret]], so nobody can log in" }));
        Assert.That(result.Configuration, Is.Not.Null);
    }

    [Test]
    public void A_secret_in_secrets_d_is_all_it_needs_and_encryption_is_required_of_it()
    {
        using TestFolder folder = new();
        folder.Write("secrets.d/alice.toml", Toml.Alice);
        ConfigurationResult result =
            ConfigurationLoader.Load(folder.Write("pptpd.toml", File.ReadAllText(Shipped)));

        Assert.That(result.Findings, Is.Empty);
        PptpConfiguration configuration = result.Configuration!;
        PppProfile profile = configuration.FindProfile(configuration.PptpServer.DefaultProfile)!;
        Assert.Multiple(() =>
        {
            Assert.That(configuration.PptpServer.Enabled, Is.True);
            Assert.That(configuration.PptpServer.Authentication, Is.EqualTo(AuthenticationMethods.MsChap2));
            Assert.That(profile.UseEncryption, Is.EqualTo(Negotiation.Required));
            Assert.That(profile.LocalAddress, Is.Not.Null);
            Assert.That(profile.RemoteAddress, Is.Not.Null);
            Assert.That(configuration.FindSecret("alice", PppService.Pptp), Is.Not.Null);
            // The secret's own profile must not weaken the server's.
            Assert.That(configuration.FindProfile("default")!.UseEncryption, Is.EqualTo(Negotiation.Default));
        });
    }

    [Test]
    public void Every_property_is_in_it_with_its_help()
    {
        string text = File.ReadAllText(Shipped);
        Assert.Multiple(() =>
        {
            foreach (MenuDefinition menu in Menus.All)
            {
                string section = Section(text, menu);
                foreach (PropertyDefinition property in menu.Properties.Where(p => !p.IsReadOnly))
                {
                    Assert.That(section, Does.Match($"(?m)^#?{property.Name} = "), menu.Table);
                    Assert.That(section, Does.Contain(property.Help[..^1]), property.Name);
                }
            }
        });
    }

    [Test]
    public void A_commented_key_shows_its_default_unless_it_says_that_there_is_none()
    {
        string[] lines = File.ReadAllLines(Shipped);
        MenuDefinition? menu = null;
        int compared = 0;
        Assert.Multiple(() =>
        {
            for (int i = 0; i < lines.Length; i++)
            {
                menu = Menus.All.FirstOrDefault(m => lines[i].TrimStart('#') == m.Header) ?? menu;
                if (CommentedKey().Match(lines[i]) is not { Success: true } match
                    || menu?.Properties.FirstOrDefault(p => p.Name == match.Groups[1].Value) is not { } property
                    || property.IsRequired)
                {
                    continue;
                }

                string shown =
                    match.Groups[2].Value.Trim('"', '[', ']').Replace("\", \"", ",", StringComparison.Ordinal);
                bool hasNone = lines[i - 1].Contains("No default", StringComparison.Ordinal);
                Assert.That(hasNone, Is.EqualTo(property.DefaultText.Length == 0), lines[i]);
                if (!hasNone)
                {
                    string expected = property switch
                    {
                        { Type.Words: ["yes", "no"], DefaultText: "yes" } => "true",
                        { Type.Words: ["yes", "no"], DefaultText: "no" } => "false",
                        _ => property.DefaultText,
                    };
                    Assert.That(shown, Is.EqualTo(expected), lines[i]);
                    compared++;
                }
            }
        });
        Assert.That(compared, Is.GreaterThan(30));
    }

    [Test]
    public void It_still_loads_with_every_comment_sign_taken_away()
    {
        string all = CommentSign().Replace(File.ReadAllText(Shipped), "");
        ConfigurationResult result = Toml.Parse(all);

        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Configuration!.Secrets.Select(secret => secret.Name), Is.EqualTo(new[] { "alice", "bob" }));
        Assert.That(result.Configuration.Clients.Select(client => client.Name), Is.EqualTo(new[] { "pptp-out1" }));
    }

    [Test]
    public void The_examples_in_its_comments_can_be_put_after_it()
    {
        string text = File.ReadAllText(Shipped);
        IEnumerable<string> examples = Example().Matches(text).Select(match => match.Groups[1].Value);
        PptpConfiguration configuration = Toml.Load(text + string.Join('\n', examples));

        Assert.That(configuration.Secrets.Select(secret => secret.Name), Is.EqualTo(new[] { "alice" }));
        Assert.That(configuration.Clients, Is.EqualTo(new[]
        {
            new PptpClient
            {
                Name = "pptp-out1",
                ConnectTo = "192.168.62.2",
                User = "MT-User",
                Password = SecretValue.FromPassword("StrongPass"),
                Disabled = false,
            },
        }));
    }

    [Test]
    public void It_says_no_effect_yet_of_exactly_the_properties_that_have_none()
    {
        string text = File.ReadAllText(Shipped);
        Assert.Multiple(() =>
        {
            foreach (MenuDefinition menu in Menus.All)
            {
                string section = Section(text, menu);
                foreach (PropertyDefinition property in menu.Properties.Where(p => !p.IsReadOnly))
                {
                    string help = section[section.IndexOf(property.Help[..^1], StringComparison.Ordinal)..];
                    help = help[..help.IndexOf('\n', StringComparison.Ordinal)];
                    PropertyEffect said = help.Contains("o effect yet", StringComparison.Ordinal) ? PropertyEffect.Later
                        : help.Contains("o effect here", StringComparison.Ordinal) ? PropertyEffect.None
                        : PropertyEffect.Now;
                    // A note needs no word on its effect.
                    PropertyEffect effect = property.Effect == PropertyEffect.Note ? PropertyEffect.Now : property.Effect;
                    Assert.That(said, Is.EqualTo(effect), $"{menu.Table}.{property.Name}");
                }
            }
        });
    }

    // From the menu's first header to the first header of another menu.
    private static string Section(string text, MenuDefinition menu)
    {
        int start = Regex.Match(text, $"(?m)^#?{Regex.Escape(menu.Header)}$").Index;
        int end = Menus.All.Where(other => other != menu)
            .Select(other => Regex.Match(text, $"(?m)^#?{Regex.Escape(other.Header)}$").Index)
            .Where(index => index > start)
            .DefaultIfEmpty(text.Length)
            .Min();
        return text[start..end];
    }

    [GeneratedRegex("^#([a-z0-9-]+) = (.*)$")]
    private static partial Regex CommentedKey();

    // What stands within a comment, indented.
    [GeneratedRegex("(?m)^#     (.+)$")]
    private static partial Regex Example();

    [GeneratedRegex("(?m)^#(?=[a-z[])")]
    private static partial Regex CommentSign();
}

using Pptp.Model;
using Pptpd.Demo;

namespace Pptpd.Tests.Demo;

/// <summary>config/demo.toml, and what each of the demo's daemons makes of it.</summary>
internal sealed class DemoConfigurationTests
{
    private const string Folder = "/nowhere/demo";

    [Test]
    public void The_shipped_file_is_the_one_in_the_program()
    {
        Assert.That(
            DemoConfiguration.Text, Is.EqualTo(File.ReadAllText(Path.Combine(Repository.Root, "config", "demo.toml"))));
    }

    [Test]
    public void Nothing_is_wrong_with_it()
    {
        ConfigurationResult result = ConfigurationLoader.Parse(DemoConfiguration.Text, "demo.toml");

        Assert.That(result.Findings, Is.Empty);
    }

    [Test]
    public void It_logs_in_the_strongest_way_and_always_encrypts()
    {
        PptpConfiguration whole = DemoConfiguration.Load();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(whole.PptpServer.Authentication, Is.EqualTo(AuthenticationMethods.MsChap2));
            Assert.That(whole.Clients.Single().Allow, Is.EqualTo(AuthenticationMethods.MsChap2));
            foreach (string profile in new[] { whole.Secrets.Single().Profile, whole.Clients.Single().Profile })
                Assert.That(whole.FindProfile(profile)!.UseEncryption, Is.EqualTo(Negotiation.Required));
        }
    }

    [Test]
    public void The_server_takes_calls_and_makes_none()
    {
        PptpConfiguration half = DemoConfiguration.Take(DemoConfiguration.Load(), DemoHalf.Server, Folder);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(half.PptpServer.Enabled, Is.True);
            Assert.That(half.Secrets, Has.Count.EqualTo(1));
            Assert.That(half.Clients, Is.Empty);
        }
    }

    [Test]
    public void The_client_makes_a_call_and_takes_none()
    {
        PptpConfiguration half = DemoConfiguration.Take(DemoConfiguration.Load(), DemoHalf.Client, Folder);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(half.PptpServer.Enabled, Is.False);
            Assert.That(half.Clients.Single().Disabled, Is.False);
        }
    }

    [Test]
    public void Neither_touches_the_hosts_files([Values] DemoHalf half)
    {
        SystemSettings system = DemoConfiguration.Take(DemoConfiguration.Load(), half, Folder).System;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(system.StateFolder, Is.EqualTo(Folder));
            Assert.That(system.ResolvConf, Does.StartWith(Folder));
            Assert.That(system.LogFile, Is.Null);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using Pptp.Testing.Radius;
using Pptp.Testing.Serving;

namespace Pptp.Integration.Tests;

/// <summary>A server whose users are at a FreeRADIUS beside it.</summary>
[SuppressMessage("Structure", "NUnit1032", Justification = "FreeRADIUS lives as long as the fixture.")]
internal abstract class RadiusFixture : ServerFixture
{
    /// <summary>Of ours, not of the server's.</summary>
    protected const string Local = "local@main";

    /// <summary>What the server has to say.</summary>
    protected abstract FreeRadiusSettings RadiusSettings { get; }

    /// <summary>Lines of <c>[ppp-aaa]</c>.</summary>
    protected virtual string Aaa => "";

    /// <summary>Tables to append, <c>[[radius]]</c> among them.</summary>
    protected abstract string Rows { get; }

    protected FreeRadius Radius { get; private set; } = null!;

    protected override ServerConfiguration Configuration => new()
    {
        Users = [Local],
        Authentication = "pap,chap,mschap1,mschap2",
        Encryption = "yes",
        Extra = $"\n[ppp-aaa]\nuse-radius = true\n{Aaa}\n{Rows}\n",
    };

    [OneTimeSetUp]
    public void StartRadius()
    {
        if (FreeRadius.WhyUnavailable is { } reason)
        {
            TestContext.Progress.WriteLine(reason);
            Assert.Ignore(reason);
        }
        Radius = FreeRadius.Start(RadiusSettings, ServerNetwork);
    }

    [OneTimeTearDown]
    public void StopRadius() => Radius?.Dispose();

    /// <summary>A row of <c>/radius</c>.</summary>
    /// <param name="address">Where the server is.</param>
    /// <param name="lines">What is the row's own; the secret too, where it is another.</param>
    protected static string Row(string address, params string[] lines)
    {
        string secret = lines.Any(line => line.StartsWith("secret", StringComparison.Ordinal))
            ? ""
            : $"secret = \"{FreeRadiusSettings.DefaultSecret}\"\n";
        return $"\n[[radius]]\nservice = \"ppp\"\naddress = \"{address}\"\n{secret}{string.Join('\n', lines)}\n";
    }

    /// <summary>A user of the users file, with the password that callers have.</summary>
    /// <param name="name">The user.</param>
    /// <param name="gives">What the server gives him, as <c>Port-Limit = 1</c>.</param>
    protected static string User(string name, params string[] gives) =>
        $"{name} Cleartext-Password := \"{ServerConfiguration.PasswordOf(name)}\"\n"
        + string.Concat(gives.Select((give, i) => $"\t{give}{(i + 1 < gives.Length ? "," : "")}\n"));
}

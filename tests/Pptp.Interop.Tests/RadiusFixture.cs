using System.Diagnostics.CodeAnalysis;
using NUnit.Framework.Interfaces;
using Pptp.Interop.Tests.Harness;
using Pptp.Testing.Radius;

namespace Pptp.Interop.Tests;

/// <summary>A server whose users are those of a FreeRADIUS beside it, and a fresh FreeRADIUS for each test.</summary>
[SuppressMessage("Structure", "NUnit1032", Justification = "Disposed of at the end of each test.")]
internal abstract class RadiusFixture : InteropFixture
{
    protected static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    /// <summary>A profile that never encrypts.</summary>
    protected const string InClear = "Mikrotik-Group = \"plain\"";

    protected FreeRadius Radius { get; private set; } = null!;

    /// <summary>FreeRADIUS' users file, see <see cref="User"/>.</summary>
    protected abstract string Users { get; }

    protected virtual FreeRadiusSettings RadiusSettings => new() { Users = Users };

    /// <summary>The [[radius]] table.</summary>
    protected virtual string Row => $"""

        [[radius]]
        address = "127.0.0.1"
        service = ["ppp"]
        secret = "{RadiusSettings.Secret}"

        """;

    /// <summary>Tables to append.</summary>
    protected virtual string Extra => "";

    protected override ServerSettings Settings => new()
    {
        Authentication = ["pap", "chap", "mschap1", "mschap2"],
        Extra = $"\n[ppp-aaa]\nuse-radius = true\n{Row}{Extra}",
    };

    /// <summary>A user with the password that <see cref="InteropFixture.Dial(string, string[])"/> gives.</summary>
    /// <param name="name">Not one of the server's own.</param>
    /// <param name="attributes">Of the Access-Accept.</param>
    protected static string User(string name, params string[] attributes) =>
        $"{name} Cleartext-Password := \"{ServerSettings.PasswordOf(name)}\"\n"
        + (attributes.Length == 0 ? "" : $"    {string.Join(",\n    ", attributes)}\n") + "\n";

    protected override void Begin()
    {
        if (FreeRadius.WhyUnavailable is { } why)
        {
            Assert.Ignore(why);
        }

        Radius = FreeRadius.Start(RadiusSettings, Lab.Namespace);
        base.Begin();
    }

    protected override void End()
    {
        bool failed = TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed;
        if (Radius is not null && failed)
        {
            TestContext.Out.WriteLine(
                $"--- FreeRADIUS ---\n{Radius.Log.Tail()}\n\n{string.Join("\n\n", Radius.Records)}");
        }

        Radius?.Dispose();
        Radius = null!;
    }
}

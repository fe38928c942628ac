using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>A second login of a user who is there already.</summary>
internal sealed class OnlyOneTests : InteropFixture
{
    protected override ServerSettings Settings => new()
    {
        Extra = Account("many", "no") + Account("single", "yes") + Account("mover", "replace"),
    };

    [Test]
    public void Where_it_is_no_both_sessions_stand()
    {
        Dial(From("first"), "many").MustBeUp(Server);
        Dial(From("second"), "many").MustBeUp(Server);

        Assert.That(Lab.TunnelInterfaces(), Is.EquivalentTo(["pptp-many", "pptp-many-1"]));
    }

    [Test]
    public void Where_it_is_yes_the_second_is_refused_and_the_first_goes_on()
    {
        Call first = Dial(From("first"), "single").MustBeUp(Server);
        Call second = Dial(From("second"), "single");

        Assert.That(second.ExitCode, Is.Not.Zero, second.Log);
        first.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);
        Assert.That(Lab.TunnelInterfaces(), Is.EqualTo(["pptp-single"]));
    }

    [Test]
    public void Where_it_is_replace_the_second_ends_the_first_and_has_its_name_and_address()
    {
        Call first = Dial(From("first"), "mover").MustBeUp(Server);
        Call second = Dial(From("second"), "mover").MustBeUp(Server);

        second.Ping(ServerSettings.Gateway, 20, 64).MustLoseNone(Server);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.LocalAddress, Is.EqualTo(first.LocalAddress));
            Assert.That(Lab.TunnelInterfaces(), Is.EqualTo(["pptp-mover"]));
            Assert.That(first.LogNow(), Does.Contain("LCP TermReq"), "the first was told");
        }
    }

    private static DialSettings From(string link) => new() { Link = link, OwnConnection = true };

    private static string Account(string user, string onlyOne) =>
        ServerSettings.Profile(user, "required", $"only-one = \"{onlyOne}\"") + ServerSettings.Secret(user, user);
}

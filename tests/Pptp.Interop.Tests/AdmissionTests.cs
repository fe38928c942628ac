using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>Who is kept out though his password is right.</summary>
internal sealed class AdmissionTests : InteropFixture
{
    private FarClient _far = null!;

    protected override ServerSettings Settings => new()
    {
        ConnectionLimit = "8/10m",
        Extra = ServerSettings.Secret("till", "lab", $"caller-id = \"{FarClient.Address}\""),
    };

    [SetUp]
    public void BuildTheOtherPlace() => _far = new FarClient();

    [TearDown]
    public void RemoveTheRoute() => _far.Dispose();

    [Test]
    public void A_user_bound_to_an_address_comes_in_from_there_alone()
    {
        Call elsewhere = Dial("till");
        Assert.That(elsewhere.ExitCode, Is.Not.Zero, elsewhere.Log);

        Dial(FromFar, "till").MustBeUp(Server);
    }

    [Test]
    public void Who_guesses_passwords_is_locked_out_and_the_same_user_elsewhere_is_not()
    {
        // pppd gives up after its first failure: five dials, five guesses.
        for (int guess = 0; guess < 5; guess++)
        {
            Lab.Dial(new DialSettings { Link = $"guess{guess}" }, ServerSettings.Alice, "wrong", "require-mppe-128");
        }

        Call locked = Dial(new DialSettings { Link = "locked" }, ServerSettings.Alice);
        Call honest = Dial(FromFar, ServerSettings.Alice);

        Server.Log.WaitFor("locked out", Soon);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(locked.ExitCode, Is.EqualTo(19), $"{locked.Result}\n{Server.Report()}");
            Assert.That(honest.ExitCode, Is.Zero, $"{honest.Result}\n{Server.Report()}");
        }
    }

    [Test]
    public void A_source_that_connects_too_often_is_not_heard_and_another_one_is()
    {
        for (int i = 0; i < 8; i++)
        {
            Dial(new DialSettings { Link = $"c{i}", OwnConnection = true }, ServerSettings.Bob).MustBeUp(Server).HangUp();
        }

        Call ninth = Dial(new DialSettings { Link = "ninth", OwnConnection = true }, ServerSettings.Bob);
        Call other = Dial(FromFar, ServerSettings.Bob);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ninth.ExitCode, Is.Not.Zero, ninth.Log);
            Assert.That(other.ExitCode, Is.Zero, $"{other.Result}\n{Server.Report()}");
        }
    }

    private static DialSettings FromFar => new() { Link = "far", VmNamespace = FarClient.Namespace, OwnConnection = true };
}

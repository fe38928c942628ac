using Pptp.Appliance.Interfaces;

namespace Pptp.Appliance.Tests.Interfaces;

public sealed class InterfaceNamesTests
{
    private readonly InterfaceNames _names = new();

    [TestCase("alice", "pptp-alice", "<pptp-alice>")]
    [TestCase("MT-User", "pptp-MT-User", "<pptp-MT-User>")]
    [TestCase("a-very-long-name@example.org", "pptp-a-very-lon", "<pptp-a-very-long-name@example.org>")]
    [TestCase("DOM\\user", "pptp-DOM_user", "<pptp-DOM\\user>")]
    [TestCase("../x y/ü", "pptp-.._x_y__", "<pptp-../x y/ü>")]
    [TestCase("", "pptp-", "<pptp->")]
    public void A_user_gives_the_interface_its_name(string user, string linux, string routerOs)
    {
        Assert.That(Reserve(user), Is.EqualTo(new InterfaceName(linux, routerOs)));
    }

    [Test]
    public void Further_logins_are_numbered()
    {
        Assert.That(new[] { Reserve("bob"), Reserve("bob"), Reserve("bob") }, Is.EqualTo(new[]
        {
            new InterfaceName("pptp-bob", "<pptp-bob>"),
            new InterfaceName("pptp-bob-1", "<pptp-bob-1>"),
            new InterfaceName("pptp-bob-2", "<pptp-bob-2>"),
        }));
    }

    [Test]
    public void A_number_fits_into_what_Linux_takes()
    {
        Reserve("0123456789");
        Assert.That(Reserve("0123456789").Linux, Is.EqualTo("pptp-01234567-1"));
    }

    [Test]
    public void Users_that_shorten_to_the_same_name_are_told_apart()
    {
        Reserve("0123456789-one");
        InterfaceName two = Reserve("0123456789-two");
        Assert.That(two, Is.EqualTo(new InterfaceName("pptp-01234567-1", "<pptp-0123456789-two>")));
    }

    [Test]
    public void A_released_name_is_free_again()
    {
        InterfaceName first = Reserve("bob");
        Reserve("bob");
        _names.Release(first);
        Assert.That(Reserve("bob"), Is.EqualTo(first));
    }

    [Test]
    public void An_interface_that_is_not_ours_keeps_its_name()
    {
        Assert.That(_names.Reserve("eve", name => name == "pptp-eve").Linux, Is.EqualTo("pptp-eve-1"));
    }

    private InterfaceName Reserve(string user) => _names.Reserve(user, _ => false);
}

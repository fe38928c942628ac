using System.Net;
using Pptp.Appliance.Interfaces;
using Pptp.Appliance.Tests.State;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Interfaces;

/// <summary>What sessions put into the firewall's sets, and when.</summary>
public sealed class FirewallTests
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.5");

    private static readonly FirewallMembership Guest = new()
    {
        IncomingFilter = "guests",
        AddressLists = ["staff"],
        InterfaceList = "tunnels",
    };

    private static readonly PptpConfiguration Configuration = new()
    {
        FirewallChains = [new() { Name = "guests", Rules = ["ip daddr @staff drop"] }, new() { Name = "others" }],
        Profiles =
        [
            new() { Name = "a", IncomingFilter = "guests", AddressList = ["staff"], InterfaceList = "tunnels" },
            new() { Name = "b", IncomingFilter = "others" },
        ],
    };

    private FakeNftables _kernel = null!;
    private ListLogger _log = null!;
    private Firewall _firewall = null!;

    [SetUp]
    public void MakeFirewall()
    {
        _kernel = new FakeNftables();
        _log = new ListLogger();
        _firewall = new Firewall(Open, _log);
    }

    [TearDown]
    public void DisposeOfIt()
    {
        _kernel.LetGo();
        _firewall.Dispose();
        _kernel.Dispose();
    }

    [Test]
    public void A_session_is_in_its_sets_from_before_it_is_there_until_it_leaves()
    {
        _firewall.Apply(Configuration);

        FirewallEntry? entry = _firewall.Enter("pptp-alice", Address, Guest);

        Assert.That(_kernel.Members, Is.EqualTo(new[]
        {
            "pptpd-incoming \"pptp-alice\" : jump guests", "staff 10.0.0.5", "tunnels \"pptp-alice\"",
        }));
        _firewall.Leave(entry);
        Assert.That(() => _kernel.Members, Is.Empty.After(30_000, 10));
        _firewall.Dispose();
        Assert.That(_kernel.Members, Is.Null, "the table goes with the daemon");
    }

    [Test]
    public void A_prefix_that_comes_later_is_on_the_same_lists_and_leaves_with_its_session()
    {
        _firewall.Apply(Configuration);
        FirewallEntry? entry = _firewall.Enter("pptp-alice", Address, new FirewallMembership { AddressLists = ["staff"] });
        Assert.That(Ipv6Prefix.TryParse("2001:db8:1::/64", out Ipv6Prefix prefix));

        _firewall.AddPrefix(entry, prefix);
        _firewall.AddPrefix(entry, prefix);

        Assert.That(_kernel.Members, Is.EqualTo(new[] { "staff 10.0.0.5", "staff-ipv6 2001:db8:1::/64" }));
        _firewall.Leave(entry);
        Assert.That(() => _kernel.Members, Is.Empty.After(30_000, 10));
    }

    [Test]
    public async Task A_session_is_filtered_otherwise_in_one_run()
    {
        _firewall.Apply(Configuration);
        FirewallEntry? entry = _firewall.Enter("pptp-alice", Address, Guest);
        int runs = _kernel.Runs.Count;

        entry = await _firewall.SwapAsync(
            entry, "pptp-alice", Address, Ipv6Prefix.Parse("2001:db8:1::/64"),
            new FirewallMembership { IncomingFilter = "others", AddressLists = ["staff"] });

        Assert.That(_kernel.Runs, Has.Count.EqualTo(runs + 1));
        Assert.That(_kernel.Members, Is.EqualTo(new[]
        {
            "pptpd-incoming \"pptp-alice\" : jump others", "staff 10.0.0.5", "staff-ipv6 2001:db8:1::/64",
        }));
        entry = await _firewall.SwapAsync(entry, "pptp-alice", Address, null, FirewallMembership.None);
        Assert.That(entry, Is.Null);
        Assert.That(_kernel.Members, Is.Empty);
    }

    [TestCase("nobody")]
    [TestCase("others")]
    public void A_session_that_cannot_be_filtered_otherwise_stays_as_it_was(string chain)
    {
        _firewall.Apply(Configuration);
        FirewallEntry? entry = _firewall.Enter("pptp-alice", Address, Guest);
        IReadOnlyList<string>? before = _kernel.Members;
        _kernel.Poison = "jump others }";

        Assert.That(
            () => _firewall.SwapAsync(
                entry, "pptp-alice", Address, null, new FirewallMembership { IncomingFilter = chain }),
            Throws.TypeOf<FirewallException>());

        Assert.That(_kernel.Members, Is.EqualTo(before));
        _kernel.Poison = null;
        _firewall.Leave(entry);
        Assert.That(() => _kernel.Members, Is.Empty.After(30_000, 10));
    }

    [Test]
    public async Task A_table_that_somebody_took_away_is_made_anew_with_what_a_session_has_now()
    {
        _firewall.Apply(Configuration);
        FirewallEntry? entry = _firewall.Enter("pptp-alice", Address, Guest);
        _kernel.Flush();

        await _firewall.SwapAsync(
            entry, "pptp-alice", Address, null, new FirewallMembership { IncomingFilter = "others" });

        Assert.That(_kernel.Members, Is.EqualTo(new[] { "pptpd-incoming \"pptp-alice\" : jump others" }));
    }

    [Test]
    public void What_two_sessions_share_stays_until_the_second_leaves()
    {
        _firewall.Apply(Configuration);
        FirewallMembership listed = new() { AddressLists = ["staff"] };
        FirewallEntry? first = _firewall.Enter("pptp-alice", Address, listed);
        FirewallEntry? second = _firewall.Enter("pptp-alice-1", Address, listed);

        _firewall.Leave(first);
        FirewallEntry? third = _firewall.Enter("pptp-bob", IPAddress.Parse("10.0.0.6"), listed);

        Assert.That(_kernel.Members, Is.EqualTo(new[] { "staff 10.0.0.5", "staff 10.0.0.6" }));
        _firewall.Leave(second);
        _firewall.Leave(third);
        Assert.That(() => _kernel.Members, Is.Empty.After(30_000, 10));
    }

    [Test]
    public void All_that_has_gathered_is_one_run_also_where_a_name_changes_hands()
    {
        _firewall.Apply(Configuration);
        FirewallEntry? before = _firewall.Enter("pptp-alice", Address, Guest);
        _kernel.Hold();
        Task first = Task.Run(() => _firewall.Enter("pptp-x", null, new FirewallMembership { IncomingFilter = "others" }));
        Assert.That(() => _kernel.Runs, Has.Count.EqualTo(3).After(30_000, 10));

        _firewall.Leave(before);
        Task[] coming =
        [
            Task.Run(() => _firewall.Enter("pptp-alice", null, new FirewallMembership { IncomingFilter = "others" })),
            .. Enumerable.Range(0, 20).Select(i => Task.Run(() => _firewall.Enter($"pptp-{i}", null, Guest))),
        ];
        Assert.That(() => _firewall.Waiting, Is.EqualTo(22).After(30_000, 10));
        _kernel.LetGo();
        Assert.That(Task.WaitAll([first, .. coming], 30_000), Is.True);

        Assert.That(_kernel.Runs, Has.Count.EqualTo(4));
        Assert.That(_kernel.Members, Has.Count.EqualTo(42).And.Contains("pptpd-incoming \"pptp-alice\" : jump others")
            .And.None.Contains("10.0.0.5"));
    }

    [Test]
    public void A_session_that_wants_nothing_waits_only_while_somebody_is_leaving()
    {
        _firewall.Apply(Configuration);
        int runs = _kernel.Runs.Count;
        Assert.That(_firewall.Enter("pptp-bob", Address, FirewallMembership.None), Is.Null);
        Assert.That(_kernel.Runs, Has.Count.EqualTo(runs));

        _firewall.Leave(_firewall.Enter("pptp-alice", Address, Guest));
        Assert.That(_firewall.Enter("pptp-bob", Address, FirewallMembership.None), Is.Null);

        Assert.That(_kernel.Members, Is.Empty, "the list has not the address of him who came after");
    }

    [Test]
    public void A_table_that_somebody_has_flushed_is_made_anew_at_the_next_login_with_all_in_it()
    {
        _firewall.Apply(Configuration);
        _firewall.Enter("pptp-alice", Address, Guest);
        _kernel.Flush();

        _firewall.Enter("pptp-bob", null, new FirewallMembership { InterfaceList = "tunnels" });

        Assert.That(_kernel.Members, Has.Count.EqualTo(4));
        Assert.That(_log.Lines.Single(), Does.StartWith("Warning: the firewall's table was not as pptpd had left it"));
    }

    [Test]
    public void A_reload_puts_back_what_is_gone_and_keeps_the_sessions()
    {
        _firewall.Apply(Configuration);
        _firewall.Enter("pptp-alice", Address, Guest);
        _kernel.Flush();

        Assert.That(_firewall.Apply(Configuration), Is.Empty);

        Assert.That(_kernel.Members, Has.Count.EqualTo(3));
    }

    [Test]
    public void One_that_nftables_does_not_take_is_refused_and_those_who_came_with_it_are_not()
    {
        _firewall.Apply(Configuration);
        _kernel.Poison = "pptp-bad";
        _kernel.Hold();
        Task first = Task.Run(() => _firewall.Enter("pptp-0", null, Guest));
        Assert.That(() => _kernel.Runs, Has.Count.EqualTo(2).After(30_000, 10));
        Task bad = Task.Run(() => _firewall.Enter("pptp-bad", null, Guest));
        Task good = Task.Run(() => _firewall.Enter("pptp-good", null, Guest));
        Assert.That(() => _firewall.Waiting, Is.EqualTo(2).After(30_000, 10));
        _kernel.LetGo();

        Assert.That(async () => await bad, Throws.TypeOf<FirewallException>()
            .With.Message.EqualTo("the profile's filters and lists cannot be set: poisoned"));
        Assert.That(Task.WaitAll([first, good], 30_000), Is.True);
        Assert.That(_kernel.Members, Has.Count.EqualTo(4).And.None.Contains("bad"));
    }

    [Test]
    public void A_ruleset_that_is_refused_leaves_the_one_of_before()
    {
        _firewall.Apply(Configuration);
        _kernel.Poison = "dprot";
        PptpConfiguration wrong = Configuration with { FirewallChains = [new() { Name = "guests", Rules = ["tcp dprot 1"] }] };

        Assert.That(() => _firewall.Apply(wrong), Throws.TypeOf<FirewallException>()
            .With.Message.EqualTo("firewall-chain guests, rules 1: poisoned: dprot"));

        Assert.That(_firewall.Enter("pptp-bob", null, new FirewallMembership { IncomingFilter = "others" }), Is.Not.Null);
    }

    [Test]
    public void A_session_whose_chain_is_taken_away_lets_nothing_pass_until_it_ends()
    {
        _firewall.Apply(Configuration);
        FirewallEntry? entry = _firewall.Enter("pptp-alice", Address, Guest);

        Assert.That(_firewall.Apply(new PptpConfiguration()), Is.EqualTo(new[] { "pptp-alice" }));

        Assert.That(_kernel.Members, Is.EqualTo(new[] { "pptpd-incoming \"pptp-alice\" : drop" }));
        _firewall.Leave(entry);
        Assert.That(() => _kernel.Members, Is.Empty.After(30_000, 10));
        Assert.That(
            () => _firewall.Enter("pptp-alice", Address, Guest),
            Throws.TypeOf<FirewallException>().With.Message.Contains("there is no firewall chain guests any more"));
    }

    [Test]
    public void Without_the_library_only_those_are_refused_who_want_something_of_it()
    {
        using Firewall firewall = new((out string? whyNot) => { whyNot = "libnftables.so.1 is not on this host"; return null; }, _log);

        Assert.That(firewall.Apply(new PptpConfiguration()), Is.Empty);
        Assert.That(_log.Lines, Is.Empty);
        Assert.That(firewall.Apply(Configuration), Is.Empty);

        Assert.That(_log.Lines.Single(), Does.Contain("sessions whose profile has one are refused: libnftables.so.1 is not on"));
        Assert.That(firewall.Enter("pptp-bob", Address, FirewallMembership.None), Is.Null);
        Assert.That(() => firewall.Enter("pptp-alice", Address, Guest), Throws.TypeOf<FirewallException>()
            .With.Message.EqualTo("the profile's filters and lists cannot be set: libnftables.so.1 is not on this host"));
    }

    [Test]
    public void While_nothing_wants_it_there_is_no_table()
    {
        Assert.That(_firewall.Apply(new PptpConfiguration()), Is.Empty);
        Assert.That(_firewall.Enter("pptp-alice", Address, FirewallMembership.None), Is.Null);

        Assert.That(_kernel.Runs, Is.Empty);
    }

    private FakeNftables? Open(out string? whyNot)
    {
        whyNot = null;
        return _kernel;
    }
}

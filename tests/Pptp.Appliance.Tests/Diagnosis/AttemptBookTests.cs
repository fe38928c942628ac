using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Diagnosis;

namespace Pptp.Appliance.Tests.Diagnosis;

/// <summary>What is remembered of attempts, and how much of it.</summary>
public sealed class AttemptBookTests
{
    private static readonly IPAddress Office = IPAddress.Parse("192.0.2.7");

    private readonly FakeTimeProvider _time = new();
    private readonly AttemptBook _book;

    public AttemptBookTests() => _book = new AttemptBook(new MonotonicClock(_time));

    [Test]
    public void The_last_ten_are_found_by_name_and_by_address_the_newest_first()
    {
        for (int i = 0; i < 12; i++)
        {
            Begin("alice", isKnown: true, $"{i}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        IEnumerable<string> expected = Enumerable.Range(2, 10).Reverse().Select(i => $"{i}");

        Assert.That(_book.Find("alice").Select(report => report.Steps.Single().Text), Is.EqualTo(expected));
        Assert.That(_book.Find("192.0.2.7").Select(report => report.Steps.Single().Text), Is.EqualTo(expected));
        Assert.That(_book.Find("bob"), Is.Empty);
    }

    [Test]
    public void A_flood_of_made_up_names_pushes_out_nobody_real()
    {
        Begin("alice", isKnown: true, "hers");
        for (int i = 0; i < 100_000; i++)
            Begin($"nobody-{i}", isKnown: false, "made up");

        Assert.That(_book.Find("alice").Single().Steps.Single().Text, Is.EqualTo("hers"));
        Assert.That(_book.Find("nobody-99999"), Has.Count.EqualTo(1));
        Assert.That(_book.Find("nobody-0"), Is.Empty);
        Assert.That(_book.Weight, Is.LessThan(AttemptBook.Budget / 10));
    }

    [Test]
    public void Whatever_comes_from_everywhere_it_stays_within_its_budget_and_that_is_what_it_takes()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 60_000; i++)
        {
            Attempt attempt = _book.Begin(new IPAddress(i % 5000 * 7919L));
            attempt.NameUser($"user-{i % 5000}", isKnown: i % 2 == 0);
            for (int step = 0; step < 50; step++)
                attempt.Note(AttemptPhase.Lcp, new string((char)('a' + (step % 26)), 150));
        }
        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Progress.WriteLine($"attempts: {_book.Weight >> 10} KiB reckoned, {taken >> 10} KiB taken");

        Assert.That(_book.Weight, Is.LessThanOrEqualTo(AttemptBook.Budget));
        Assert.That(taken, Is.LessThan(AttemptBook.Budget * 5 / 4));
    }

    [Test]
    public void A_timeline_keeps_its_beginning_and_its_end()
    {
        Attempt attempt = _book.Begin(Office);
        for (int i = 0; i < 1000; i++)
            attempt.Note(AttemptPhase.Lcp, $"{i}");
        attempt.End("over");
        AttemptReport report = attempt.Report();

        Assert.That(report.Steps, Has.Count.EqualTo(Attempt.MaximumSteps));
        Assert.That(report.Steps[0].Text, Is.EqualTo("0"));
        Assert.That(report.Steps[^1].Text, Is.EqualTo("over"));
    }

    [Test]
    public void The_first_cause_stays_and_what_comes_after_the_end_is_nothing()
    {
        Attempt attempt = _book.Begin(Office);
        attempt.Blame(AttemptCauses.WrongPassword);
        attempt.Blame(AttemptCauses.LeftAfterLogin);
        attempt.End("hungup");
        attempt.Note(AttemptPhase.Lcp, "late");

        Assert.That(attempt.Report().Cause, Is.EqualTo("wrong-password"));
        Assert.That(attempt.Report().Steps[^1].Text, Is.EqualTo("hungup"));
    }

    [Test]
    public void Who_is_sent_away_again_and_again_takes_one_place()
    {
        Begin("alice", isKnown: true, "hers");
        for (int i = 0; i < 100; i++)
            _book.Refuse(Office, AttemptCauses.ConnectionLimit, "connection-limit is 3/1h");
        IReadOnlyList<AttemptReport> reports = _book.Find("192.0.2.7");

        Assert.That(reports, Has.Count.EqualTo(2));
        Assert.That(reports.Single(report => report.Cause == "connection-limit").Repeated, Is.EqualTo(99));
    }

    [Test]
    public void What_a_peer_calls_itself_is_escaped()
    {
        Attempt attempt = _book.Begin(Office);
        attempt.NameUser("a\u001b[2J", isKnown: false);
        attempt.Note(AttemptPhase.Control, "of \u202e");

        Assert.That(_book.Find("a\u001b[2J").Single().User, Is.EqualTo(@"a\x1B[2J"));
        Assert.That(attempt.Report().Steps.Single().Text, Is.EqualTo(@"of \u202E"));
        Assert.That(_book.Names(5), Is.EqualTo([@"a\x1B[2J", "192.0.2.7"]));
    }

    [Test]
    public void A_hidden_attempt_is_found_when_it_is_shown()
    {
        Attempt attempt = _book.BeginHidden(IPAddress.Loopback);
        attempt.Note(AttemptPhase.Connection, "from 127.0.0.1");
        Assert.That(_book.Find("127.0.0.1"), Is.Empty);
        _book.Show(attempt);
        Assert.That(_book.Find("127.0.0.1"), Has.Count.EqualTo(1));
    }

    private void Begin(string user, bool isKnown, string text)
    {
        Attempt attempt = _book.Begin(Office);
        attempt.NameUser(user, isKnown);
        attempt.Note(AttemptPhase.Login, text);
    }
}

using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Aaa;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>Guessing is slow, and only for who guesses.</summary>
public sealed class LoginGuardTests
{
    private const int Limit = 5;

    private static readonly IPAddress Attacker = IPAddress.Parse("192.0.2.66");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.7");

    private readonly FakeTimeProvider _time = new();
    private readonly LoginGuard _guard;

    public LoginGuardTests() => _guard = new LoginGuard(new MonotonicClock(_time));

    [Test]
    public void The_limit_of_failures_locks_the_user_for_that_source_alone()
    {
        Fail("alice", Limit);

        Assert.That(_guard.TryBegin("alice", Attacker, Limit), Is.False);
        Assert.That(_guard.TryBegin("alice", Elsewhere, Limit), Is.True);
        Assert.That(_guard.TryBegin("bob", Attacker, Limit), Is.True);
    }

    [Test]
    public void A_lock_lasts_ten_seconds_and_then_twice_as_long_each_time_up_to_fifteen_minutes()
    {
        Fail("alice", Limit);
        foreach (int seconds in (int[])[10, 20, 40, 80, 160, 320, 640, 900, 900])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.That(_guard.TryBegin("alice", Attacker, Limit), Is.False, $"within {seconds} s");
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.That(_guard.TryBegin("alice", Attacker, Limit), Is.True, $"after {seconds} s");
        }
    }

    [Test]
    public void Failures_are_forgotten_after_half_an_hour_without_one()
    {
        Fail("alice", Limit - 1);
        _time.Advance(FailureTable<string>.Memory);
        Fail("alice", Limit - 1);

        Assert.That(_guard.TryBegin("alice", Attacker, Limit), Is.True);
    }

    [Test]
    public void A_good_login_forgets_the_failures_before()
    {
        for (int i = 0; i < 10; i++)
        {
            Fail("alice", Limit - 1);
            Assert.That(_guard.TryBegin("alice", Attacker, Limit), Is.True);
            _guard.Forgive("alice", Attacker);
        }
    }

    [Test]
    public void A_source_that_fails_with_many_names_is_locked_for_all()
    {
        for (int i = 0; i < Limit * LoginGuard.NamesPerSource; i++)
            Fail(string.Create(CultureInfo.InvariantCulture, $"user-{i}"), 1);

        Assert.That(_guard.TryBegin("one-more", Attacker, Limit), Is.False);
        Assert.That(_guard.TryBegin("one-more", Elsewhere, Limit), Is.True);
    }

    [Test]
    public void Without_a_limit_nobody_is_locked()
    {
        for (int i = 0; i < 1000; i++)
            Assert.That(_guard.TryBegin("alice", Attacker, 0), Is.True);
    }

    [Test]
    public void What_is_remembered_is_bounded_and_the_quietest_is_forgotten_first()
    {
        FailureTable<int> table = new(capacity: 100);
        for (int key = 0; key < 1000; key++)
            table.Charge(key, 1, TimeSpan.Zero);

        Assert.That(table.Count, Is.EqualTo(100));
        Assert.That(table.IsLocked(999, TimeSpan.Zero), Is.True);
        Assert.That(table.IsLocked(899, TimeSpan.Zero), Is.False);
    }

    private void Fail(string user, int times)
    {
        for (int i = 0; i < times; i++)
            Assert.That(_guard.TryBegin(user, Attacker, Limit), Is.True);
    }
}

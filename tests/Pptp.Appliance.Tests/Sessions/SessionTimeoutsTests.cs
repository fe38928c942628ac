using Pptp.Appliance.Sessions;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>When a session's time is over.</summary>
public sealed class SessionTimeoutsTests
{
    private static readonly TimeSpan Begin = TimeSpan.FromSeconds(100);

    [Test]
    public void Without_timeouts_nothing_is_ever_due()
    {
        SessionTimeouts timeouts = new(null, null, Begin);
        Assert.That(timeouts.NextDeadline, Is.Null);
        Assert.That(timeouts.Advance(Begin, Begin + TimeSpan.FromDays(1000)), Is.Null);
    }

    [Test]
    public void A_session_ends_at_its_time_whatever_it_carries()
    {
        SessionTimeouts timeouts = new(TimeSpan.FromSeconds(60), null, Begin);
        Assert.That(timeouts.NextDeadline, Is.EqualTo(At(60)));
        Assert.That(timeouts.Advance(At(59.9), At(59.999)), Is.Null);
        Assert.That(timeouts.Advance(At(59.9), At(60)), Is.EqualTo(DisconnectReason.SessionTimeout));
    }

    [Test]
    public void An_idle_session_ends_at_its_time()
    {
        SessionTimeouts timeouts = new(null, TimeSpan.FromSeconds(10), Begin);
        Assert.That(timeouts.NextDeadline, Is.EqualTo(At(10)));
        Assert.That(timeouts.Advance(Begin, At(9.999)), Is.Null);
        Assert.That(timeouts.Advance(Begin, At(10)), Is.EqualTo(DisconnectReason.IdleTimeout));
    }

    [Test]
    public void Traffic_puts_the_end_off_to_the_idle_time_after_it()
    {
        SessionTimeouts timeouts = new(null, TimeSpan.FromSeconds(10), Begin);
        Assert.That(timeouts.Advance(At(7), At(10)), Is.Null);
        Assert.That(timeouts.NextDeadline, Is.EqualTo(At(17)));
        Assert.That(timeouts.Advance(At(7), At(17)), Is.EqualTo(DisconnectReason.IdleTimeout));
    }

    [Test]
    public void The_earlier_of_both_is_the_next()
    {
        SessionTimeouts timeouts = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(10), Begin);
        Assert.That(timeouts.NextDeadline, Is.EqualTo(At(10)));
        Assert.That(timeouts.Advance(At(9), At(10)), Is.Null);
        Assert.That(timeouts.NextDeadline, Is.EqualTo(At(15)));
        Assert.That(timeouts.Advance(At(14), At(15)), Is.EqualTo(DisconnectReason.SessionTimeout));
    }

    private static TimeSpan At(double seconds) => Begin + TimeSpan.FromSeconds(seconds);
}

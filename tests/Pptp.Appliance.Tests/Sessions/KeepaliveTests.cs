using Pptp.Appliance.Sessions;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>keepalive-timeout as the MikroTik page states it.</summary>
public sealed class KeepaliveTests
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    [Test]
    public void A_silent_peer_is_asked_five_times_a_second_apart_and_is_then_gone()
    {
        Keepalive keepalive = new(Silence, TimeSpan.Zero);
        List<(double At, KeepaliveStep Step)> steps = [];
        while (steps.Count < 10 && (steps.Count == 0 || steps[^1].Step != KeepaliveStep.MissedAndLost))
        {
            TimeSpan now = keepalive.NextDeadline!.Value;
            steps.Add((now.TotalSeconds, keepalive.Advance(TimeSpan.Zero, now)));
        }
        Assert.That(steps, Is.EqualTo(new[]
        {
            (30d, KeepaliveStep.SendEcho),
            (31d, KeepaliveStep.MissedAndSendEcho),
            (32d, KeepaliveStep.MissedAndSendEcho),
            (33d, KeepaliveStep.MissedAndSendEcho),
            (34d, KeepaliveStep.MissedAndSendEcho),
            (35d, KeepaliveStep.MissedAndLost),
        }));
    }

    [Test]
    public void Any_frame_begins_the_silence_anew()
    {
        Keepalive keepalive = new(Silence, TimeSpan.Zero);
        Assert.That(keepalive.Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)), Is.EqualTo(KeepaliveStep.None));
        Assert.That(keepalive.NextDeadline, Is.EqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public void A_frame_between_the_echoes_saves_the_peer()
    {
        Keepalive keepalive = new(Silence, TimeSpan.Zero);
        for (int second = 30; second < 35; second++)
            keepalive.Advance(TimeSpan.Zero, TimeSpan.FromSeconds(second));
        Assert.That(keepalive.Advance(TimeSpan.FromSeconds(34.5), TimeSpan.FromSeconds(35)), Is.EqualTo(KeepaliveStep.None));
        Assert.That(keepalive.NextDeadline, Is.EqualTo(TimeSpan.FromSeconds(64.5)));
    }

    [Test]
    public void Disabled_it_never_asks()
    {
        Keepalive keepalive = new(null, TimeSpan.Zero);
        Assert.That(keepalive.NextDeadline, Is.Null);
        Assert.That(keepalive.Advance(TimeSpan.Zero, TimeSpan.FromDays(1)), Is.EqualTo(KeepaliveStep.None));
    }
}

using Pptp.Appliance.Sessions;
using Pptp.Protocol;

namespace Pptp.Appliance.Tests.Sessions;

/// <summary>At once, then with growing, jittered delay to a minute.</summary>
public sealed class ReconnectDelayTests
{
    [Test]
    public void The_first_is_none_then_they_grow_to_a_minute_and_no_further()
    {
        ReconnectDelay delay = new(new Constant(0xFF));
        double[] seconds = [.. Enumerable.Range(0, 9).Select(_ => delay.Next(uptime: null).TotalSeconds)];
        Assert.That(seconds, Is.EqualTo(new double[] { 0, 1, 2, 4, 8, 16, 32, 60, 60 }));
    }

    [Test]
    public void Each_is_at_least_half_of_the_whole()
    {
        ReconnectDelay delay = new(new Constant(0));
        double[] seconds = [.. Enumerable.Range(0, 9).Select(_ => delay.Next(uptime: null).TotalSeconds)];
        Assert.That(seconds, Is.EqualTo(new double[] { 0, 0.5, 1, 2, 4, 8, 16, 30, 30 }));
    }

    [Test]
    public void A_tunnel_that_has_lasted_is_dialled_at_once_again_and_a_short_one_is_not()
    {
        ReconnectDelay delay = new(new Constant(0xFF));
        for (int i = 0; i < 5; i++)
            delay.Next(uptime: null);
        Assert.That(delay.Next(TimeSpan.FromSeconds(29)), Is.EqualTo(TimeSpan.FromSeconds(16)));
        Assert.That(delay.Next(TimeSpan.FromSeconds(30)), Is.EqualTo(TimeSpan.Zero));
    }

    private sealed class Constant(byte value) : IRandomSource
    {
        public void Fill(Span<byte> destination) => destination.Fill(value);
    }
}

using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pptp.Appliance.Sessions;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Sessions;

public sealed class ConnectionLimiterTests
{
    private static readonly ConnectionLimit Limit = new(3, TimeSpan.FromMinutes(1));
    private static readonly IPAddress Source = IPAddress.Parse("192.0.2.7");

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void One_source_may_connect_so_often_in_any_period()
    {
        ConnectionLimiter limiter = new(new MonotonicClock(_time));
        List<bool> admitted = [];
        foreach (int wait in new[] { 0, 20, 20, 10, 10, 10 })
        {
            _time.Advance(TimeSpan.FromSeconds(wait));
            admitted.Add(limiter.Admit(Source, Limit));
        }
        // At 0, 20 and 40 s; not at 50; at 60 the first is a minute old; at 70 it is again three.
        Assert.That(admitted, Is.EqualTo(new[] { true, true, true, false, true, false }));
    }

    [Test]
    public void Other_sources_are_not_counted_with_it()
    {
        ConnectionLimiter limiter = new(new MonotonicClock(_time));
        for (int i = 0; i < 5; i++)
            limiter.Admit(Source, Limit);
        Assert.That(limiter.Admit(IPAddress.Parse("192.0.2.8"), Limit), Is.True);
    }

    [Test]
    public void Sources_that_have_gone_quiet_are_forgotten()
    {
        ConnectionLimiter limiter = new(new MonotonicClock(_time));
        for (uint i = 0; i < 5000; i++)
        {
            limiter.Admit(Ipv4Range.ToAddress(i), Limit);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.That(limiter.Sources, Is.LessThanOrEqualTo(1100));
    }
}

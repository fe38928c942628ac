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

    [Test]
    public void A_spray_of_sources_takes_bounded_memory_and_spares_nobody_who_is_counted()
    {
        ConnectionLimiter limiter = new(new MonotonicClock(_time));
        for (int i = 0; i < 3; i++)
            limiter.Admit(Source, Limit);

        bool all = true;
        for (uint i = 0; i < 200_000; i++)
            all &= limiter.Admit(Ipv4Range.ToAddress(i), Limit);

        Assert.That(all, Is.True);
        Assert.That(limiter.Sources, Is.EqualTo(65_536));
        Assert.That(limiter.Admit(Source, Limit), Is.False);
        _time.Advance(Limit.Period);
        limiter.Admit(Source, Limit);
        limiter.Admit(IPAddress.Parse("192.0.2.8"), Limit);
        Assert.That(limiter.Sources, Is.EqualTo(2), "the spray is forgotten");
    }

    [TestCase("198.51.100.7", "198.51.100.0")]
    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void A_network_is_a_24_of_IPv4_and_a_64_of_IPv6(string address, string network) =>
        Assert.That(ConnectionLimiter.NetworkOf(IPAddress.Parse(address)), Is.EqualTo(IPAddress.Parse(network)));
}

using Pptp.Appliance.Sessions;
using Pptp.Model;
using Pptp.Protocol;

namespace Pptp.Appliance.Tests.Sessions;

public sealed class RouterAdvertisementTests
{
    [Test]
    public void It_tells_the_router_the_mtu_and_the_prefix()
    {
        byte[] packet = RouterAdvertisement.Create(0x0011_2233_4455_6677, Ipv6Prefix.Parse("2001:db8:1:2::/64"), 1450);

        // RFC 8200 §3, RFC 4861 §4.2, §4.6.4, §4.6.2; the checksum was reckoned apart.
        Assert.That(Convert.ToHexString(packet), Is.EqualTo(
            "60000000" + "0038" + "3A" + "FF"
            + "FE80000000000000" + "0011223344556677" + "FF020000000000000000000000000001"
            + "8600" + Checksum(packet) + "40" + "00" + "0708" + "00000000" + "00000000"
            + "0501" + "0000" + "000005AA"
            + "0304" + "40C0" + "00278D00" + "00093A80" + "00000000" + "20010DB8000100020000000000000000"));
    }

    [Test]
    public void Of_a_prefix_shorter_than_64_the_client_makes_its_address_in_the_first_subnet()
    {
        byte[] packet = RouterAdvertisement.Create(1, Ipv6Prefix.Parse("2001:db8:1::/56"), 1450);
        Assert.That((packet[66], packet[67]), Is.EqualTo(((byte)64, (byte)0xC0)));
    }

    [Test]
    public void Of_a_prefix_longer_than_64_no_address_is_made()
    {
        byte[] packet = RouterAdvertisement.Create(1, Ipv6Prefix.Parse("2001:db8:1::8/126"), 1450);
        Assert.That((packet[66], packet[67]), Is.EqualTo(((byte)126, (byte)0x80)));
    }

    [Test]
    public void The_first_goes_at_once_and_two_more_within_half_a_minute_and_then_one_in_some_minutes()
    {
        RouterAdvertiser advertiser = new(new FixedRandom(0x80), TimeSpan.FromHours(1));
        Assert.That(advertiser.NextDeadline, Is.EqualTo(TimeSpan.FromHours(1)));
        List<double> waits = [];
        TimeSpan now = advertiser.NextDeadline;
        for (int i = 0; i < 5; i++)
        {
            Assert.That(advertiser.Advance(now), Is.True);
            Assert.That(advertiser.Advance(now), Is.False);
            waits.Add((advertiser.NextDeadline - now).TotalSeconds);
            now = advertiser.NextDeadline;
        }
        Assert.That(waits, Is.EqualTo(new[] { 16, 16, 16, 399.8, 399.8 }).Within(0.2));
    }

    [TestCase(0x00, 198)]
    [TestCase(0xFF, 600)]
    public void The_intervals_lie_between_these(int octet, int seconds)
    {
        RouterAdvertiser advertiser = new(new FixedRandom((byte)octet), TimeSpan.Zero);
        TimeSpan now = TimeSpan.Zero;
        for (int i = 0; i < 3; i++)
        {
            Assert.That(advertiser.Advance(now), Is.True);
            now = advertiser.NextDeadline;
        }
        Assert.That(advertiser.Advance(now), Is.True);
        Assert.That((advertiser.NextDeadline - now).TotalSeconds, Is.EqualTo(seconds).Within(0.1));
    }

    [Test]
    public void Who_asks_is_told_at_once()
    {
        RouterAdvertiser advertiser = new(new FixedRandom(0), TimeSpan.Zero);
        Assert.That(advertiser.Advance(TimeSpan.Zero), Is.True);
        TimeSpan later = TimeSpan.FromSeconds(2);
        Assert.That(advertiser.Advance(later), Is.False);
        advertiser.OnSolicitation(later);
        Assert.That(advertiser.NextDeadline, Is.EqualTo(later));
        Assert.That(advertiser.Advance(later), Is.True);
    }

    /// <summary>RFC 4443 §2.3, from the beginning: over a pseudo-header put together octet by octet.</summary>
    private static string Checksum(byte[] packet)
    {
        byte[] message = packet[40..];
        message[2] = message[3] = 0;
        byte[] covered = [.. packet[8..40], 0, 0, 0, (byte)message.Length, 0, 0, 0, 58, .. message];
        int sum = 0;
        for (int i = 0; i < covered.Length; i += 2)
        {
            sum += (covered[i] << 8) | covered[i + 1];
            if (sum > 0xFFFF)
                sum -= 0xFFFF;
        }
        return (~sum & 0xFFFF).ToString("X4");
    }

    private sealed class FixedRandom(byte octet) : IRandomSource
    {
        public void Fill(Span<byte> destination) => destination.Fill(octet);
    }
}

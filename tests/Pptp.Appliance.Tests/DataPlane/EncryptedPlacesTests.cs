using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Tests.DataPlane;

/// <summary>How many encrypted packets can be missing, told by GRE numbers.</summary>
public sealed class EncryptedPlacesTests
{
    private readonly EncryptedPlaces _places = new();

    [SetUp]
    public void Decrypt_one() => _places.Accept(_places.Take(100, encrypted: true));

    [Test]
    public void Numbers_that_did_not_come_may_have_been_encrypted() =>
        Assert.That(_places.MissingBefore(_places.Take(5101, encrypted: true)), Is.EqualTo(5000));

    [Test]
    public void Any_number_of_control_frames_that_came_were_not()
    {
        for (uint number = 101; number < 10_000; number++)
            _places.Take(number, encrypted: false);
        Assert.That(_places.MissingBefore(_places.Take(10_002, encrypted: true)), Is.EqualTo(2));
    }

    [Test]
    public void Encrypted_packets_that_were_refused_are_missing()
    {
        _places.Take(101, encrypted: true);
        _places.Take(102, encrypted: true);
        Assert.That(_places.MissingBefore(_places.Take(103, encrypted: true)), Is.EqualTo(2));
    }

    [Test]
    public void An_order_that_was_taken_up_elsewhere_and_left_again_counts_nothing()
    {
        _places.Take(1_000_000, encrypted: true);
        _places.Take(1_000_001, encrypted: true);
        Assert.That(_places.MissingBefore(_places.Take(110, encrypted: true)), Is.EqualTo(9));
    }

    [Test]
    public void Before_the_first_good_packet_the_count_alone_decides() =>
        Assert.That(new EncryptedPlaces().MissingBefore(0), Is.EqualTo(4095));
}

using System.Net;
using Pptp.Appliance.DataPlane;

namespace Pptp.Appliance.Tests.DataPlane;

/// <summary>Which GRE of no call explains a call that hears none.</summary>
public sealed class StrayTableTests
{
    private static readonly CallAddress Call = Of("192.0.2.7", 4711);

    private readonly StrayTable _strays = new();

    [Test]
    public void Our_call_id_from_another_address_is_found()
    {
        Add(Of("198.51.100.9", 4711), 2);
        Assert.That(Find(), Is.EqualTo(new StrayGre(IPAddress.Parse("198.51.100.9"), 4711)));
    }

    [Test]
    public void Another_call_id_from_our_address_is_found()
    {
        Add(Of("192.0.2.7", 7), 2);
        Assert.That(Find(), Is.EqualTo(new StrayGre(IPAddress.Parse("192.0.2.7"), 7)));
    }

    [Test]
    public void What_has_neither_or_came_once_or_before_is_not()
    {
        Add(Of("198.51.100.9", 7), 2);
        Add(Of("192.0.2.7", 8), 1);
        Assert.That(Find(), Is.Null);
        Add(Of("192.0.2.7", 8), 1);
        Assert.That(_strays.Find(Call, TimeSpan.FromSeconds(2)), Is.Null, "before the call");
        Assert.That(_strays.Find(Call with { Local = 1 }, TimeSpan.Zero), Is.Null, "to another of our addresses");
    }

    [Test]
    public void A_flood_finds_no_more_room_than_there_is()
    {
        for (int i = 0; i < 1_000_000; i++)
            _strays.Add(new CallAddress(1, (uint)i, (ushort)i), TimeSpan.FromSeconds(1));
        Add(Of("198.51.100.9", 4711), 2);
        Assert.That(Find()?.CallId, Is.EqualTo(4711));
    }

    private static CallAddress Of(string remote, ushort callId) =>
        CallAddress.Of(IPAddress.Parse("192.0.2.1"), IPAddress.Parse(remote), callId);

    private StrayGre? Find() => _strays.Find(Call, TimeSpan.FromSeconds(1));

    private void Add(CallAddress address, int times)
    {
        for (int i = 0; i < times; i++)
            _strays.Add(address, TimeSpan.FromSeconds(1));
    }
}

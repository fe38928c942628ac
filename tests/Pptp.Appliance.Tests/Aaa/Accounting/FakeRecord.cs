using Pptp.Radius;

namespace Pptp.Appliance.Tests.Aaa.Accounting;

/// <summary>A report as it was sent.</summary>
internal sealed record FakeRecord(RadiusRequest Request, bool IsTaken)
{
    public string Type => Number(RadiusAttributes.AcctStatusType) switch
    {
        1 => "Start",
        2 => "Stop",
        3 => "Interim-Update",
        7 => "Accounting-On",
        8 => "Accounting-Off",
        var other => $"{other}",
    };

    public string Id => Text(RadiusAttributes.AcctSessionId)!;

    public uint? Number(RadiusAttribute attribute) => Find(attribute)?.AsInteger();

    public string? Text(RadiusAttribute attribute) => Find(attribute)?.AsText();

    public RadiusValue? Find(RadiusAttribute attribute) =>
        Request.Values.FirstOrDefault(value => value.Attribute == attribute);

    /// <summary>All that is the same in each repeat.</summary>
    public string Steady => string.Join('\n', Request.Values
        .Where(value => value.Attribute != RadiusAttributes.AcctDelayTime)
        .Select(value => $"{value.Attribute} {Convert.ToHexString(value.Octets.Span)}"));
}

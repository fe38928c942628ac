using System.Globalization;
using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Radius;

namespace Pptp.Integration.Tests;

/// <summary>What a FreeRADIUS writes down of sessions.</summary>
internal sealed class AccountingTests : RadiusFixture
{
    private const string Erin = "erin";

    protected override FreeRadiusSettings RadiusSettings => new() { Users = User(Erin, "Class = \"gold\"") };

    protected override string Aaa => "interim-update = \"2s\"";

    protected override string Rows => Row("127.0.0.1");

    [Test]
    [EffectOf("ppp-aaa", "interim-update")]
    public async Task A_session_is_written_down_from_its_beginning_to_its_end()
    {
        ScriptedCall call = await DialAsync(Erin);
        IReadOnlyList<AccountingRecord> records = await Radius.WaitForRecordsAsync(
            all => all.Count(record => record.StatusType == "Interim-Update") >= 2, Soon);
        await call.Caller.DisposeAsync();
        records = await Radius.WaitForRecordsAsync(all => all.Any(record => record.StatusType == "Stop"), Soon);

        AccountingRecord stop = records.Single(record => record.StatusType == "Stop");
        AccountingRecord start = records.Single(
            record => record.StatusType == "Start" && record.SessionId == stop.SessionId);
        Assert.That(records[0].StatusType, Is.EqualTo("Accounting-On"));
        Assert.That(start["User-Name"], Is.EqualTo(Erin));
        Assert.That(start["Framed-IP-Address"], Is.EqualTo($"{call.Address}"));
        Assert.That(start["Acct-Authentic"], Is.EqualTo("RADIUS"));
        Assert.That(stop.SessionId, Is.EqualTo(start.SessionId));
        Assert.That(stop["Class"], Is.EqualTo(start["Class"]).And.Not.Null);
        Assert.That(int.Parse(stop["Acct-Session-Time"]!, CultureInfo.InvariantCulture), Is.GreaterThanOrEqualTo(2));
    }
}

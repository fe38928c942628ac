using System.Globalization;
using Pptp.Interop.Tests.Harness;
using Pptp.Testing;
using Pptp.Testing.Radius;

namespace Pptp.Interop.Tests;

/// <summary>What FreeRADIUS is told of a session with a real pppd.</summary>
internal sealed class RadiusAccountingTests : RadiusFixture
{
    private const string Carol = "carol";

    protected override string Users => User(Carol, "Class = \"gold\"");

    protected override ServerSettings Settings =>
        base.Settings with { Extra = $"\n[ppp-aaa]\nuse-radius = true\ninterim-update = \"2s\"\ninterim-jitter = 0\n{Row}" };

    [Test]
    [EffectOf("ppp-aaa", "accounting"), EffectOf("ppp-aaa", "interim-update"), EffectOf("radius", "accounting-port")]
    public async Task Start_interim_and_stop_tell_what_the_interface_carried_between_on_and_off()
    {
        Call call = Dial(Carol).MustBeUp(Server);
        call.Ping(ServerSettings.Gateway, 100, 1000).MustLoseNone(Server);
        await Radius.WaitForRecordsAsync(all => all.Any(record => record.StatusType == "Interim-Update"), Enough);
        call.HangUp().MustSucceed();
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, Carol);
        await Radius.WaitForRecordsAsync(all => all.Any(record => record.StatusType == "Stop"), Enough);
        Assert.That(Server.Stop(TimeSpan.FromSeconds(20)), Is.Zero);
        IReadOnlyList<AccountingRecord> records =
            await Radius.WaitForRecordsAsync(all => all.Any(record => record.StatusType == "Accounting-Off"), Enough);
        AccountingRecord start = records.Single(record => record.StatusType == "Start");
        AccountingRecord stop = records.Single(record => record.StatusType == "Stop");
        AccountingRecord[] ofSession = [.. records.Where(record => record["User-Name"] == Carol)];
        StartAgain();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(records[0].StatusType, Is.EqualTo("Accounting-On"));
            Assert.That(records[^1].StatusType, Is.EqualTo("Accounting-Off"));
            Assert.That(records.Count(record => record.StatusType == "Interim-Update"), Is.Positive);
            Assert.That(records.Select(record => record["NAS-Identifier"]), Has.All.EqualTo("lab-server"));
            Assert.That(ofSession.Select(record => record.SessionId).Distinct().Single(), Does.Match("^8[0-9a-f]{7}$"));
            Assert.That(ofSession.Select(record => record["Class"]),
                Has.All.EqualTo("0x" + Convert.ToHexStringLower("gold"u8)));
            Assert.That(ofSession.Select(record => record["Acct-Authentic"]), Has.All.EqualTo("RADIUS"));
            Assert.That(ofSession.Select(record => record["NAS-Port-Type"]), Has.All.EqualTo("Virtual"));
            Assert.That(ofSession.Select(record => record["Calling-Station-Id"]), Has.All.EqualTo(Lab.ClientAddress));
            Assert.That(ofSession.Select(record => record["Called-Station-Id"]), Has.All.EqualTo(Lab.ServerAddress));
            Assert.That(start["Framed-IP-Address"], Is.EqualTo(call.LocalAddress));
            Assert.That(stop["Acct-Terminate-Cause"], Is.EqualTo("User-Request"));
            Assert.That(Number(stop, "Acct-Input-Octets"), Is.EqualTo(statistics["rx-bytes"]), statistics.ToString());
            Assert.That(Number(stop, "Acct-Output-Octets"), Is.EqualTo(statistics["tx-bytes"]), statistics.ToString());
            Assert.That(Number(stop, "Acct-Input-Packets"), Is.EqualTo(statistics["rx-packets"]), statistics.ToString());
        }

        Figures.Print("accounting of a session", $"{records.Count} records\n{stop}");
    }

    private static long Number(AccountingRecord record, string name) =>
        long.Parse(record[name] ?? throw new AssertionException($"no {name} in\n{record}"), CultureInfo.InvariantCulture);
}

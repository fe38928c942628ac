using Pptp.Testing;
using Pptp.Testing.Calling;
using Pptp.Testing.Radius;

namespace Pptp.Integration.Tests;

/// <summary>What a server changes of a session it has let in itself.</summary>
internal sealed class AccountingChangeTests : RadiusFixture
{
    private const string Erin = "erin";

    protected override FreeRadiusSettings RadiusSettings => new() { Users = User(Erin), AccountingPort = 11813 };

    protected override string Aaa => "interim-update = \"1h\"";

    protected override string Rows =>
        Row("127.0.0.1", "accounting-port = 11813") + "\n[radius-incoming]\naccept = true\n";

    [Test]
    [EffectOf("radius", "accounting-port")]
    public async Task Reports_come_as_often_as_the_server_wants_from_now_on()
    {
        ScriptedCall call = await DialAsync(Erin);
        await Radius.WaitForRecordsAsync(all => all.Any(record => record.StatusType == "Start"), Soon);

        RadClientReply reply = await RadClient.SendAsync(
            ServerNetwork, "127.0.0.1:3799", "coa", FreeRadiusSettings.DefaultSecret,
            $"User-Name = \"{Erin}\"\nAcct-Interim-Interval = 1");
        Assert.That(reply.Code, Is.EqualTo("CoA-ACK"), reply.Output);
        await Radius.WaitForRecordsAsync(
            all => all.Count(record => record.StatusType == "Interim-Update") >= 2, Soon);
        await call.Caller.DisposeAsync();
        await Radius.WaitForRecordsAsync(all => all.Any(record => record.StatusType == "Stop"), Soon);
    }
}

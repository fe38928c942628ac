using System.Net;
using System.Text;
using Pptp.Appliance;
using Pptp.Management.Status;
using Pptp.Model;

namespace Pptp.Management.Tests.Status;

public sealed class RadiusStatusTests
{
    private static readonly RadiusServer Asked = new()
    {
        Address = IPAddress.Parse("192.0.2.10"),
        Service = RadiusServices.Ppp,
        Secret = SecretValue.FromPassword("hush-hush"),
    };

    private static readonly RadiusServer Idle = Asked with { Address = IPAddress.Parse("192.0.2.11"), Disabled = true };

    private static StatusSnapshot Snapshot => new(
        new PptpConfiguration { Radius = [Asked, Idle], RadiusIncoming = new() { Accept = true } }, [], [], TimeSpan.Zero)
    {
        Radius =
        [
            new RadiusServerStatus
            {
                Row = Asked,
                IsAlive = false,
                Pending = 1,
                Requests = 22,
                Accepts = 13,
                Rejects = 4,
                Resends = 7,
                Timeouts = 3,
                BadReplies = 2,
                LastRequestRtt = TimeSpan.FromMilliseconds(12.4),
            },
        ],
        RadiusIncoming = new(5, 1, 3, 1),
        Accounting = new(9, TimeSpan.FromMinutes(2)),
    };

    [Test]
    public void It_is_printed_as_RouterOS_monitors_it() => Assert.That(
        StatusText.Print(StatusDocument.Of(Snapshot)).Split('\n'),
        Is.EqualTo(new[]
        {
            "there are no tunnels",
            "",
            "/radius",
            "Flags: X - disabled",
            "#     ADDRESS     PROTOCOL  STATUS     PENDING  REQUESTS  ACCEPTS  REJECTS  RESENDS  TIMEOUTS  BAD-REPLIES  LAST-REQUEST-RTT",
            "0     192.0.2.10  udp       dead       1        22        13       4        7        3         2            12ms",
            "1  X  192.0.2.11  udp       not asked",
            "/radius incoming: requests 5, bad-requests 1, acks 3, naks 1",
            "reports that no server has taken: waiting 9, oldest 2m",
            "",
        }));

    [Test]
    public void Json_has_every_number_and_no_secret()
    {
        string json = Encoding.UTF8.GetString(StatusDocument.Of(Snapshot).ToJson());
        Assert.That(json, Does.Contain("\"bad-replies\": \"2\"").And.Contain("\"last-request-rtt\": \"12ms\"")
            .And.Contain("\"naks\": \"1\"").And.Contain("\"oldest\": \"2m\"").And.Not.Contain("hush"));
        Assert.That(StatusDocument.Parse(StatusDocument.Of(Snapshot).ToJson()).Radius, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_disk_that_takes_no_reports_is_told_even_while_none_waits() => Assert.That(
        StatusText.Print(StatusDocument.Of(Snapshot with { Accounting = new(0, TimeSpan.Zero, "disk is full") })),
        Does.Contain("not-on-disk disk is full"));

    [Test]
    public void What_there_is_nothing_of_is_not_told()
    {
        StatusDocument document = StatusDocument.Of(Snapshot with
        {
            Configuration = new PptpConfiguration(),
            Accounting = new(0, TimeSpan.Zero),
        });
        Assert.That(Encoding.UTF8.GetString(document.ToJson()), Does.Not.Contain("radius").And.Not.Contain("accounting"));
        Assert.That(StatusText.Print(document), Is.EqualTo("there are no tunnels\n"));
    }

    [Test]
    public void One_interface_is_told_without_them() =>
        Assert.That(StatusDocument.Of(Snapshot).Only("pptp-alice").Radius, Is.Null);
}

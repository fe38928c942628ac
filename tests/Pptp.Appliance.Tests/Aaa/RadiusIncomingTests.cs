using System.Net;
using System.Text;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>Who may send Disconnect- and CoA-Requests, and under which secret.</summary>
public sealed class RadiusIncomingTests
{
    private const string Row = "192.0.2.10";

    [Test]
    public void Without_sources_those_with_a_row_may_send_under_its_secret()
    {
        Assert.That(SecretOf(new(), Row), Is.EqualTo("of the row"));
        Assert.That(SecretOf(new() { Secret = SecretValue.FromPassword("of others") }, "192.0.2.11"), Is.Null);
    }

    [Test]
    public void With_sources_only_they_may_send_and_those_without_a_row_have_a_secret_of_their_own()
    {
        RadiusIncomingSettings settings = new()
        {
            Sources = [IPNetwork.Parse("192.0.2.0/28")],
            Secret = SecretValue.FromPassword("of others"),
        };
        Assert.That(SecretOf(settings, Row), Is.EqualTo("of the row"));
        Assert.That(SecretOf(settings, "192.0.2.11"), Is.EqualTo("of others"));
        Assert.That(SecretOf(settings, "192.0.2.16"), Is.Null);
        Assert.That(SecretOf(settings with { Secret = null }, "192.0.2.11"), Is.Null);
        Assert.That(SecretOf(settings with { Sources = [IPNetwork.Parse("192.0.2.11/32")] }, Row), Is.Null);
    }

    [Test]
    public void The_secret_that_everybody_knows_proves_nothing()
    {
        RadiusServer radSec = new() { Address = IPAddress.Parse(Row), Protocol = RadiusProtocol.RadSec };
        Assert.That(SecretOf(new(), Row, radSec), Is.Null);
        Assert.That(
            SecretOf(new() { Secret = SecretValue.FromPassword("of others") }, Row, radSec), Is.EqualTo("of others"));
        RadiusServer udp = new() { Address = radSec.Address, Secret = SecretValue.FromPassword("of the other row") };
        Assert.That(SecretOf(new(), Row, radSec, udp), Is.EqualTo("of the other row"));
    }

    [Test]
    public void A_row_that_is_disabled_is_none() => Assert.That(
        SecretOf(new(), Row, new RadiusServer
        {
            Address = IPAddress.Parse(Row),
            Secret = SecretValue.FromPassword("of the row"),
            Disabled = true,
        }),
        Is.Null);

    private static string? SecretOf(RadiusIncomingSettings settings, string sender, params RadiusServer[] rows)
    {
        PptpConfiguration configuration = new()
        {
            RadiusIncoming = settings,
            Radius = rows.Length > 0
                ? [.. rows]
                : [new() { Address = IPAddress.Parse(Row), Secret = SecretValue.FromPassword("of the row") }],
        };
        return RadiusIncoming.SecretOf(configuration, IPAddress.Parse(sender)) is { } secret
            ? Encoding.UTF8.GetString(secret.Span)
            : null;
    }
}

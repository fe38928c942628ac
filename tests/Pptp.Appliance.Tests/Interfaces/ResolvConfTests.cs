using System.Net;
using Pptp.Appliance.Interfaces;

namespace Pptp.Appliance.Tests.Interfaces;

public sealed class ResolvConfTests
{
    private static readonly IPAddress[] Servers = [IPAddress.Parse("10.0.0.53"), IPAddress.Parse("10.0.1.53")];

    private static readonly string[] Texts =
    [
        "",
        "\n",
        "nameserver 192.0.2.53\n",
        "nameserver 192.0.2.53",
        "# by dhcp\r\nsearch example.com\r\n\tnameserver 192.0.2.1\r\nnameserver\t192.0.2.53\r\n",
        "nameserver 10.0.0.53\nnameserver 10.0.1.53\n",
        "nameserver 10.0.0.53\nnameserver 192.0.2.53\n#nameserver 192.0.2.54\noptions ndots:2\n",
        "nameserver 2001:db8::53\nnameservers 192.0.2.1\nnameserver\n",
    ];

    [Test]
    public void Ours_go_first_under_a_line_that_tells_whose_they_are() => Assert.That(
        ResolvConf.Insert("search a\nnameserver 192.0.2.53\n", ["office", "lab"], Servers, exclusively: false),
        Is.EqualTo("""
            # pptpd: the name servers of office, lab: 10.0.0.53 10.0.1.53
            nameserver 10.0.0.53
            nameserver 10.0.1.53
            search a
            nameserver 192.0.2.53

            """));

    [Test]
    public void Exclusively_sets_the_others_aside_and_nothing_else() => Assert.That(
        ResolvConf.Insert(
            "nameserver 192.0.2.53\noptions rotate\nnameserver\t192.0.2.54\n#nameserver 192.0.2.55",
            ["office"], Servers, exclusively: true),
        Is.EqualTo(
            "# pptpd: the name servers of office: 10.0.0.53 10.0.1.53\nnameserver 10.0.0.53\nnameserver 10.0.1.53\n"
            + "#pptpd# nameserver 192.0.2.53\noptions rotate\n#pptpd# nameserver\t192.0.2.54\n#nameserver 192.0.2.55"));

    [Test]
    public void What_is_taken_out_again_leaves_the_file_as_it_was(
        [ValueSource(nameof(Texts))] string text, [Values] bool exclusively) => Assert.That(
            ResolvConf.Strip(ResolvConf.Insert(text, ["office"], Servers, exclusively)), Is.EqualTo(text));

    [Test]
    public void A_file_without_marks_stays_as_it_is([ValueSource(nameof(Texts))] string text) =>
        Assert.That(ResolvConf.Strip(text), Is.EqualTo(text));

    [Test]
    public void What_others_changed_meanwhile_stays()
    {
        string text = ResolvConf.Insert("nameserver 192.0.2.53\n", ["office"], Servers, exclusively: true);
        string[] lines = text.Split('\n');
        // One line before ours, one within them, one of ours gone, and one behind.
        string changed = string.Join('\n', ["search a", lines[0], lines[1], "# seen", lines[3], "options b", ""]);
        Assert.That(ResolvConf.Strip(changed), Is.EqualTo("search a\n# seen\nnameserver 192.0.2.53\noptions b\n"));
    }

    [Test]
    public void The_servers_of_IPv4_are_found() => Assert.That(
        Texts.SelectMany(ResolvConf.NameServers).Select(server => server.ToString()).Distinct(),
        Is.EqualTo(["192.0.2.53", "10.0.0.53", "10.0.1.53"]));
}

using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>
/// Our client at Debian's pptpd: every login method and every form of MPPE that pppd does as a server, and what
/// use-encryption makes of them.
/// </summary>
internal sealed class ClientMatrixTests : ClientFixture
{
    private const string NoEncryption = "none";
    private const int StreamSeconds = 1;

    private static readonly string[] Methods = ["pap", "chap", "mschap", "mschap-v2"];
    private static readonly string[] Forms = ["40-stateless", "40-stateful", "128-stateless", "128-stateful"];

    private static IEnumerable<TestCaseData> Tunnels =>
    [
        .. Forms.Select(form => Case("mschap-v2", form, "required")),
        Case("mschap-v2", "128-stateless", "yes"),
        // pppd gives no 40 bit with the first version of MS-CHAP.
        Case("mschap", "128-stateless", "required"),
        Case("mschap", "128-stateful", "yes"),
        .. Methods.Select(method => Case(method, NoEncryption, "no")),
        Case("mschap-v2", NoEncryption, "yes"),
        Case("pap", NoEncryption, "yes"),
    ];

    private static IEnumerable<TestCaseData> Refusals =>
    [
        .. Methods.Select(method => Case(method, NoEncryption, "required")),
        Case("mschap-v2", "128-stateless", "no"),
    ];

    [TestCaseSource(nameof(Tunnels))]
    public void A_tunnel_comes_up_with_just_that_and_carries(string method, string form, string policy)
    {
        Peer.Start([.. Only(method), .. Mppe(form)]);
        Dial(SettingsFor(form, policy));
        MustConnect();

        Ping ping = PingThrough(20, 1300);
        TcpStream toUs = Stream(StreamSeconds, fromUs: false);
        TcpStream fromUs = Stream(StreamSeconds, fromUs: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Server.Log.With(Said("using encoding - ")).Select(line => line.Text.Split(" - ")[^1]),
                Is.EqualTo(form == NoEncryption ? [] : new[] { $"MPPE{form.Replace('-', ' ')}" }));
            Assert.That(
                Peer.Log,
                form == NoEncryption
                    ? Does.Not.Contain("compression enabled")
                    : Does.Contain($"MPPE {form.Replace("-", "-bit ")} compression enabled"));
        }

        Figures.Print(
            $"our client, {method}, MPPE {form}, use-encryption={policy}", $"{ping}; in {toUs}; out {fromUs}");
    }

    [TestCaseSource(nameof(Refusals))]
    public void Who_does_not_agree_on_encryption_is_left_with_the_reason(string method, string form, string policy)
    {
        Peer.Start([.. Only(method), .. Mppe(form)]);
        Dial(SettingsFor(form, policy));

        string reason = MustEnd();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Server.Log.With(Said("connected")), Is.Empty);
            Assert.That(
                reason,
                policy == "required" ? Does.Contain("ncryption").Or.Contain("MPPE") : Does.Contain("hungup"),
                $"{Server.Report()}\n{Peer.Log}");
        }
    }

    private static TestCaseData Case(string method, string form, string policy) =>
        new TestCaseData(method, form, policy).SetArgDisplayNames(method, $"MPPE {form}", $"use-encryption={policy}");

    private static ClientSettings SettingsFor(string form, string policy) => new()
    {
        Encryption = policy,
        MppeAllowed = form == NoEncryption ? [] : [$"mppe{form}"],
    };

    private static IEnumerable<string> Only(string method) =>
        [$"require-{method}", .. Methods.Where(other => other != method).Select(other => $"refuse-{other}")];

    private static string[] Mppe(string form) => form switch
    {
        NoEncryption => ["nomppe"],
        "40-stateless" => ["require-mppe-40", "nomppe-128"],
        "40-stateful" => ["require-mppe-40", "nomppe-128", "mppe-stateful"],
        "128-stateless" => ["require-mppe-128"],
        _ => ["require-mppe-128", "mppe-stateful"],
    };
}

using Pptp.Interop.Tests.Harness;

namespace Pptp.Interop.Tests;

/// <summary>
/// Every login method with every form of MPPE that pppd knows, for each value of use-encryption: what comes up does so
/// with just that form and carries traffic, and the rest is refused.
/// </summary>
internal sealed class LoginMatrixTests : InteropFixture
{
    private const string NoEncryption = "none";
    private const int StreamSeconds = 2;

    private static readonly string[] Methods = ["pap", "chap", "mschap", "mschap-v2"];
    private static readonly string[] Forms = ["40-stateless", "40-stateful", "128-stateless", "128-stateful"];
    private static readonly string[] Policies = ["no", "yes", "required"];

    private enum Outcome
    {
        Refused,
        InClear,
        Encrypted,
    }

    protected override ServerSettings Settings => new()
    {
        Authentication = ["pap", "chap", "mschap1", "mschap2"],
        Extra = string.Concat(
            from policy in Policies
            from form in Forms.Append(NoEncryption)
            select Account(policy, form)),
    };

    private static IEnumerable<TestCaseData> Cases =>
        from policy in Policies
        from method in Methods
        from form in Forms.Prepend(NoEncryption)
        let outcome = Expected(method, form, policy)
        let told = outcome switch
        {
            Outcome.Refused => "is refused",
            Outcome.InClear => "comes up in the clear",
            _ => "comes up encrypted",
        }
        select new TestCaseData(method, form, policy)
            .SetName($"{method} with MPPE {form} at a server that says {policy} {told}");

    [TestCaseSource(nameof(Cases))]
    public void A_login_ends_as_it_must(string method, string form, string policy)
    {
        string user = $"{policy}-{form}";
        Call call = Lab.Dial(user, ServerSettings.PasswordOf(user), ["mtu", "1450", "mru", "1450", .. Only(method), .. Mppe(form)]);

        Outcome outcome = Expected(method, form, policy);
        if (outcome == Outcome.Refused)
        {
            Server.Log.WaitFor(": disconnected", Soon);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(call.ExitCode, Is.Not.Zero, $"{call.Result}\n{Server.Report()}");
                Assert.That(Server.Log.With(": connected"), Is.Empty);
                if (form == NoEncryption)
                {
                    Assert.That(call.Log, Does.Contain("LCP TermReq").And.Contain("Encryption negotiation rejected"));
                }
            }

            return;
        }

        call.MustBeUp(Server);
        using StreamServer streams = StreamServer.Start();
        call.Ping(ServerSettings.Gateway, 20, 1400).MustLoseNone(Server);
        TcpStream stream = TcpStream.Run(call, ServerSettings.Gateway, StreamSeconds, toClient: policy == "required");
        call.HangUp().MustSucceed();
        SessionStatistics statistics = SessionStatistics.WaitFor(Server, user);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(call.Encoding, Is.EqualTo(outcome == Outcome.Encrypted ? form.Replace("-", "-bit ") : ""), call.Log);
            int encodings = outcome == Outcome.Encrypted ? 1 : 0;
            Assert.That(Server.Log.Expect("using encoding", encodings), Has.Count.EqualTo(encodings));
            Assert.That(stream.SecondsWithoutData, Is.Zero, stream.Report);
            Assert.That(statistics["mppe-lost"], Is.Zero, statistics.ToString());
        }

        Figures.Print($"{method}, MPPE {form}, server says {policy}", stream.ToString());
    }

    // Keys come of MS-CHAP alone, and pppd gives none of 40 bit with its first version.
    private static Outcome Expected(string method, string form, string policy)
    {
        if (form == NoEncryption)
        {
            return policy == "required" ? Outcome.Refused : Outcome.InClear;
        }

        bool hasKeys = method == "mschap-v2" || (method == "mschap" && form.StartsWith("128", StringComparison.Ordinal));
        return hasKeys && policy != "no" ? Outcome.Encrypted : Outcome.Refused;
    }

    private static string Account(string policy, string form)
    {
        string allowed = form == NoEncryption ? "" : $"mppe-allowed = [\"mppe{form}\"]";
        string name = $"{policy}-{form}";
        return ServerSettings.Profile(name, policy, allowed) + ServerSettings.Secret(name, name);
    }

    private static IEnumerable<string> Only(string method) =>
        Methods.Append("eap").Where(other => other != method).Select(other => $"refuse-{other}");

    private static string[] Mppe(string form) => form switch
    {
        NoEncryption => ["nomppe"],
        "40-stateless" => ["require-mppe-40", "nomppe-128"],
        "40-stateful" => ["require-mppe-40", "nomppe-128", "mppe-stateful"],
        "128-stateless" => ["require-mppe-128"],
        _ => ["require-mppe-128", "mppe-stateful"],
    };
}

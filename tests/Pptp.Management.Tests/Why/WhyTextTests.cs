using System.Net;
using Pptp.Appliance.Diagnosis;
using Pptp.Management.Why;

namespace Pptp.Management.Tests.Why;

/// <summary>What an operator reads of attempts.</summary>
internal sealed class WhyTextTests
{
    private static readonly AttemptReport Failed = new()
    {
        Started = new DateTimeOffset(2026, 3, 1, 9, 30, 12, TimeSpan.Zero),
        Source = IPAddress.Parse("203.0.113.7"),
        User = "alice",
        Outcome = "failed",
        Cause = "wrong-password",
        Why = "wrong password",
        Hint = "compare it",
        Steps =
        [
            new(TimeSpan.Zero, "TCP connection", "from 203.0.113.7 to 192.0.2.1"),
            new(TimeSpan.FromSeconds(12.3456), "login", "refused: wrong password (691)"),
        ],
    };

    [Test]
    public void A_failure_is_told_as_the_doctor_tells_a_finding() => Assert.That(Print(Failed), Is.EqualTo("""
        BAD   2026-03-01 09:30:12  alice from 203.0.113.7: failed, wrong password
              compare it
                  0.000  TCP connection      from 203.0.113.7 to 192.0.2.1
                 12.346  login               refused: wrong password (691)

        """));

    [Test]
    public void A_guess_is_told_as_such_and_repetitions_are_counted() => Assert.That(
        Print(Failed with { User = null, IsGuess = true, Repeated = 7, Steps = [] }),
        Is.EqualTo("""
            look  2026-03-01 09:30:12  203.0.113.7: failed, probably: wrong password
                  compare it
                  and 7 times more

            """));

    [Test]
    public void Who_got_in_is_told_too() => Assert.That(
        Print(Failed with { Outcome = "connected", Cause = null, Why = null, Hint = null, Steps = [] }),
        Is.EqualTo("ok    2026-03-01 09:30:12  alice from 203.0.113.7: connected\n"));

    [Test]
    public void What_it_writes_as_JSON_it_reads()
    {
        WhyDocument document = WhyDocument.Of("alice", [Failed]);
        WhyDocument read = WhyDocument.Parse(document.ToJson());
        Assert.That(WhyText.Print(read, TimeZoneInfo.Utc), Is.EqualTo(WhyText.Print(document, TimeZoneInfo.Utc)));
    }

    private static string Print(params AttemptReport[] reports) =>
        WhyText.Print(WhyDocument.Of("alice", reports), TimeZoneInfo.Utc);
}

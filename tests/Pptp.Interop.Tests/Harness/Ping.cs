using System.Globalization;
using System.Text.RegularExpressions;

namespace Pptp.Interop.Tests.Harness;

/// <summary>What ping counted.</summary>
internal sealed partial record Ping(CommandResult Result)
{
    public int Sent => Number(SentCount());

    public int Answered => Number(AnsweredCount());

    public int Duplicates => Number(DuplicateCount());

    public string Times => RoundTrip().Match(Result.Output).Value;

    /// <summary>Pings through a tunnel from the VM; DF set, so that nothing hides in fragments.</summary>
    /// <param name="interfaceName">The interface in the VM to send from.</param>
    /// <param name="address">Whom to ping.</param>
    /// <param name="count">How many.</param>
    /// <param name="bytes">ICMP data; the IP packet is 28 longer.</param>
    /// <param name="interval">Seconds between two.</param>
    /// <param name="vmNamespace">The namespace in the VM that has the interface.</param>
    public static Ping FromVm(
        string interfaceName,
        string address,
        int count,
        int bytes,
        double interval,
        string? vmNamespace = null) =>
        Run(() => Lab.InVm(string.Create(
            CultureInfo.InvariantCulture,
            $"{(vmNamespace is null ? "" : $"ip netns exec {vmNamespace} ")}ping -n -M do -W 2 -I {interfaceName} -i {interval} -c {count} -s {bytes} {address}")));

    /// <summary>Pings from the server's namespace.</summary>
    public static Ping FromServer(string address, int count, int bytes) => Run(() => Lab.InNamespace(
        "ping", "-n", "-M", "do", "-W", "2", "-i", "0.01", "-c", $"{count}", "-s", $"{bytes}", address));

    public Ping MustLoseNone(ServerProcess server)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Answered, Is.EqualTo(Sent).And.Positive, $"{Result}\n{server.Report()}");
            Assert.That(Duplicates, Is.Zero, $"answers came twice: {Result}");
        }

        return this;
    }

    public override string ToString() => $"{Answered} of {Sent} answered, {Times}";

    /// <summary>
    /// After its last request ping waits for two round trips and no longer, so that answers which a busy machine
    /// delays count as lost. When nothing but the last ones are missing it is asked again; a loss on the way shows
    /// again, or as a gap.
    /// </summary>
    private static Ping Run(Func<CommandResult> ping)
    {
        Ping counted = new(ping());
        for (int again = 0; again < 2 && counted.LacksTheLastAlone; again++)
        {
            counted = new Ping(ping());
        }

        return counted;
    }

    private bool LacksTheLastAlone
    {
        get
        {
            HashSet<int> answered = [.. SequenceNumber().Matches(Result.Output)
                .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];
            return answered.Count > 0 && answered.Count < Sent && answered.Max() == answered.Count;
        }
    }

    private int Number(Regex pattern) => pattern.Match(Result.Output) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
        : 0;

    [GeneratedRegex("([0-9]+) packets transmitted")]
    private static partial Regex SentCount();

    [GeneratedRegex("icmp_seq=([0-9]+) ttl=")]
    private static partial Regex SequenceNumber();

    [GeneratedRegex("([0-9]+) received")]
    private static partial Regex AnsweredCount();

    [GeneratedRegex(@"\+([0-9]+) duplicates")]
    private static partial Regex DuplicateCount();

    [GeneratedRegex("rtt .*ms")]
    private static partial Regex RoundTrip();
}

using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>The packets, identifiers, counters and timer around the table: RFC 1661 §4.6 and §5.</summary>
public sealed class ControlProtocolTests
{
    private static readonly ControlProtocolTimers Timers = new(TimeSpan.FromSeconds(3), 10, 2, 5);

    private ProbeHost _host = null!;
    private ProbeProtocol _probe = null!;
    private TimeSpan _now;

    [SetUp]
    public void SetUp()
    {
        _host = new ProbeHost();
        _probe = new ProbeProtocol(Timers, _host);
        _now = TimeSpan.FromHours(1);
    }

    private static IEnumerable<TestCaseData> ReachableCells() => AutomatonTableTests.Cells()
        .Where(cell => cell.Cell != "-" && cell.Event != AutomatonEvent.TimeoutGiveUp && !IsSecondAnswer(cell))
        .Select(cell => new TestCaseData((int)cell.Event, (int)cell.State, cell.Cell)
            .SetArgDisplayNames($"{cell.Event} in {cell.State}"));

    // An answer counts once, so in these states none can be valid: see An_answer_counts_once.
    private static bool IsSecondAnswer((PppState State, AutomatonEvent Event, string Cell) cell) =>
        cell.Event is AutomatonEvent.ConfigureAck or AutomatonEvent.ConfigureNak
        && (cell.State is PppState.AckReceived or PppState.Opened);

    [TestCaseSource(nameof(ReachableCells))]
    public void Does_with_real_packets_what_the_table_says(int happened, int state, string cell)
    {
        BringTo((PppState)state);
        Make((AutomatonEvent)happened);
        string[] parts = cell.Split('/');
        // irc, zrc and tls leave no trace outside; the counters have tests of their own.
        string[] expected = parts.Length == 1
            ? []
            : [.. parts[0].Split(',').Where(name => name is not ("irc" or "zrc" or "tls"))];
        Assert.That(_host.Take(), Is.EqualTo(expected));
        Assert.That((int)_probe.State, Is.EqualTo(int.Parse(parts[^1])));
        bool isTimed = _probe.State is >= PppState.Closing and <= PppState.AckSent;
        Assert.That(_probe.Deadline.HasValue, Is.EqualTo(isTimed), "the restart timer runs");
    }

    [Test]
    public void Ten_requests_three_seconds_apart_go_unanswered_and_it_gives_up()
    {
        BringTo(PppState.RequestSent);
        for (int more = 1; more < 10; more++)
        {
            Assert.That(_probe.Deadline, Is.EqualTo(_now + TimeSpan.FromSeconds(3)));
            Expire();
            Assert.That(_host.Take(), Is.EqualTo(new[] { "scr" }));
        }
        Expire();
        Assert.That(_host.Take(), Is.EqualTo(new[] { "tlf" }));
        Assert.That(_probe.State, Is.EqualTo(PppState.Stopped));
        Assert.That(_host.Sent.Select(packet => packet[1]), Is.All.EqualTo(1), "a retransmission keeps its number");
    }

    [Test]
    public void Two_terminate_requests_go_unanswered_and_it_is_closed()
    {
        BringTo(PppState.Opened);
        _probe.Close("bye", _now);
        Assert.That(_host.Take(), Is.EqualTo(new[] { "tld", "str" }));
        Expire();
        Assert.That(_host.Take(), Is.EqualTo(new[] { "str" }));
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0502" + "0007" + "627965"));
        Expire();
        Assert.That(_host.Take(), Is.EqualTo(new[] { "tlf" }));
        Assert.That(_probe.State, Is.EqualTo(PppState.Closed));
    }

    [Test]
    public void After_a_peers_terminate_request_one_interval_passes()
    {
        BringTo(PppState.Opened);
        Receive("05 09 0004");
        Assert.That(_host.Take(), Is.EqualTo(new[] { "tld", "sta" }));
        Expire();
        Assert.That(_host.Take(), Is.EqualTo(new[] { "tlf" }));
        Assert.That(_probe.State, Is.EqualTo(PppState.Stopped));
    }

    [Test]
    public void A_valid_answer_fills_the_counter_again()
    {
        BringTo(PppState.RequestSent);
        for (int more = 1; more < 9; more++) Expire();
        Receive("03 01 0007 010366");
        _host.Take();
        for (int more = 1; more < 10; more++)
        {
            Expire();
            Assert.That(_host.Take(), Is.EqualTo(new[] { "scr" }));
        }
        Expire();
        Assert.That(_host.Take(), Is.EqualTo(new[] { "tlf" }));
    }

    [Test]
    public void A_nak_changes_the_request_and_its_number()
    {
        BringTo(PppState.RequestSent);
        Receive("03 01 0007 010366");
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0102" + "0007" + "010366"));
    }

    [TestCase("02 02 0007 010355")]
    [TestCase("02 01 0007 010356")]
    [TestCase("02 01 0004")]
    [TestCase("03 02 0007 010366")]
    [TestCase("04 02 0007 010355")]
    [TestCase("04 01 0007 010356")]
    [TestCase("04 01 0007 020355")]
    [TestCase("04 01 0004")]
    [TestCase("03 01 0004")]
    public void An_answer_to_another_request_is_discarded(string hex)
    {
        BringTo(PppState.RequestSent);
        Receive(hex);
        Assert.That(_host.Take(), Is.Empty);
        Assert.That(_probe.State, Is.EqualTo(PppState.RequestSent));
    }

    [TestCase("02 01 0007 010355")]
    [TestCase("03 01 0007 010366")]
    [TestCase("04 01 0007 010355")]
    public void An_answer_counts_once(string hex)
    {
        BringTo(PppState.AckReceived);
        Receive(hex);
        Assert.That(_probe.State, Is.EqualTo(PppState.AckReceived));
        Receive("01 01 0007 0103AA");
        Assert.That(_probe.State, Is.EqualTo(PppState.Opened));
        _host.Take();
        Receive(hex);
        Assert.That(_probe.State, Is.EqualTo(PppState.Opened));
        Assert.That(_host.Take(), Is.Empty);
    }

    [Test]
    public void The_request_acknowledged_last_is_acknowledged_again_in_opened()
    {
        BringTo(PppState.Opened);
        Receive("01 01 0007 0103AA");
        Assert.That(_host.Take(), Is.EqualTo(new[] { "sca" }));
        Assert.That(_probe.State, Is.EqualTo(PppState.Opened));
        Receive("01 02 0007 0103AA");
        Assert.That(_host.Take(), Is.EqualTo(new[] { "tld", "scr", "sca" }));
        Assert.That(_probe.State, Is.EqualTo(PppState.AckSent));
    }

    [TestCase("01 01 0003")]
    [TestCase("01 01 0008 0103AA")]
    [TestCase("01 01")]
    [TestCase("")]
    [TestCase("01 01 0005 01")]
    [TestCase("01 01 0006 0101")]
    [TestCase("01 01 0006 0100")]
    [TestCase("01 01 0007 0104AA")]
    [TestCase("01 01 000B 0103AA 0203AA 01")]
    public void A_packet_whose_lengths_do_not_fit_is_discarded(string hex)
    {
        BringTo(PppState.RequestSent);
        Receive(hex);
        Assert.That(_host.Take(), Is.Empty);
    }

    [Test]
    public void What_follows_the_packets_length_is_padding()
    {
        BringTo(PppState.RequestSent);
        Receive("01 01 0007 0103AA 0000 FFFF");
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0201" + "0007" + "0103AA"));
    }

    [Test]
    public void All_rejects_go_into_one_packet_in_order_and_before_naks()
    {
        BringTo(PppState.RequestSent);
        Receive("01 05 # 0D0306 0103BB 1702 0203CC");
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0405" + "000C" + "0D0306" + "1702" + "0203CC"));
    }

    [Test]
    public void The_second_of_two_equal_options_is_rejected()
    {
        BringTo(PppState.RequestSent);
        Receive("01 05 # 0103AA 0103AA");
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0405" + "0007" + "0103AA"));
    }

    [Test]
    public void After_five_naks_the_disputed_option_is_rejected()
    {
        BringTo(PppState.RequestSent);
        for (int nak = 0; nak < 5; nak++)
        {
            Receive("01 05 # 0103BB");
            Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0305" + "0007" + "0103AA"));
        }
        Receive("01 05 # 0103BB");
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0405" + "0007" + "0103BB"));
    }

    [Test]
    public void An_ack_sent_makes_the_count_of_naks_begin_anew()
    {
        BringTo(PppState.RequestSent);
        for (int nak = 0; nak < 5; nak++) Receive("01 05 # 0103BB");
        Receive("01 06 # 0103AA");
        Receive("01 07 # 0103BB");
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0307" + "0007" + "0103AA"));
    }

    [Test]
    public void A_code_reject_returns_the_packet_cut_to_the_peers_mru()
    {
        BringTo(PppState.RequestSent);
        _host.PeerMru = 10;
        Receive("63 05 # 000102030405060708");
        Assert.That(Convert.ToHexString(_host.Sent[^1]), Is.EqualTo("0702" + "000A" + "6305000D0001"));
    }

    [Test]
    public void A_peer_that_naks_each_request_for_ever_is_given_up()
    {
        BringTo(PppState.RequestSent);
        for (int nak = 0; nak < 100 && _host.Done.LastOrDefault() != "failed: no end"; nak++)
            Receive($"03 {_host.Sent[^1][1]:X2} # 0103{nak & 1:X2}");
        Assert.That(_host.Sent, Has.Count.EqualTo(30));
        Assert.That(_host.Done[^1], Is.EqualTo("failed: no end"));
    }

    [Test]
    public void A_terminate_ack_of_another_number_does_not_end_closing()
    {
        BringTo(PppState.Closing);
        Receive("06 77 0004");
        Assert.That(_probe.State, Is.EqualTo(PppState.Closing));
    }

    private void BringTo(PppState state)
    {
        switch (state)
        {
            case PppState.Starting:
                _probe.Open(_now);
                break;
            case PppState.Closed:
                _probe.Up(_now);
                break;
            case PppState.RequestSent:
                _probe.Open(_now);
                _probe.Up(_now);
                break;
            case PppState.AckReceived:
                BringTo(PppState.RequestSent);
                Receive("02 01 0007 010355");
                break;
            case PppState.AckSent:
                BringTo(PppState.RequestSent);
                Receive("01 01 0007 0103AA");
                break;
            case PppState.Opened:
                BringTo(PppState.AckReceived);
                Receive("01 01 0007 0103AA");
                break;
            case PppState.Closing:
                BringTo(PppState.RequestSent);
                _probe.Close("", _now);
                break;
            case PppState.Stopping:
                BringTo(PppState.Opened);
                Receive("07 01 0005 01");
                break;
            case PppState.Stopped:
                BringTo(PppState.RequestSent);
                Receive("07 01 0005 01");
                break;
            default:
                break;
        }
        Assert.That(_probe.State, Is.EqualTo(state));
        _host.Take();
    }

    private void Make(AutomatonEvent happened)
    {
        switch (happened)
        {
            case AutomatonEvent.Up:
                _probe.Up(_now);
                break;
            case AutomatonEvent.Down:
                _probe.Down(_now);
                break;
            case AutomatonEvent.Open:
                _probe.Open(_now);
                break;
            case AutomatonEvent.Close:
                _probe.Close("", _now);
                break;
            case AutomatonEvent.TimeoutRetry:
                Expire();
                break;
            case AutomatonEvent.ConfigureRequestGood:
                Receive("01 21 0007 0103AA");
                break;
            case AutomatonEvent.ConfigureRequestBad:
                Receive("01 21 0007 0103BB");
                break;
            case AutomatonEvent.ConfigureAck:
                Receive("02 01 0007 010355");
                break;
            case AutomatonEvent.ConfigureNak:
                Receive("03 01 0007 010366");
                break;
            case AutomatonEvent.TerminateRequest:
                Receive("05 21 0004");
                break;
            case AutomatonEvent.TerminateAck:
                Receive("06 02 0004");
                break;
            case AutomatonEvent.UnknownCode:
                Receive("63 21 0004");
                break;
            case AutomatonEvent.RejectPermitted:
                Receive("07 21 0005 0E");
                break;
            case AutomatonEvent.RejectCatastrophic:
                Receive("07 21 0005 01");
                break;
            case AutomatonEvent.Echo:
                Receive("09 21 0004");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(happened));
        }
    }

    private void Receive(string hex) => _probe.Receive(ScriptedPeer.Bytes(hex), _now);

    private void Expire()
    {
        _now = _probe.Deadline!.Value;
        _probe.Advance(_now);
    }
}

using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>
/// Each cell of the table against RFC 1661 §4.1, typed here a second time in the RFC's notation: a row per event,
/// the states 0 to 9 in columns.
/// </summary>
public sealed class AutomatonTableTests
{
    internal const string Table = """
        Up    | 2     irc,scr/6 -        -             -     -     -         -         -         -
        Down  | -     -         0        tls/1         0     1     1         1         1         tld/1
        Open  | tls/1 1         irc,scr/6 3            5     5     6         7         8         9
        Close | 0     tlf/0     2        2             4     4     irc,str/4 irc,str/4 irc,str/4 tld,irc,str/4
        TO+   | -     -         -        -             str/4 str/5 scr/6     scr/6     scr/8     -
        TO-   | -     -         -        -             tlf/2 tlf/3 tlf/3     tlf/3     tlf/3     -
        RCR+  | -     -         sta/2    irc,scr,sca/8 4     5     sca/8     sca,tlu/9 sca/8     tld,scr,sca/8
        RCR-  | -     -         sta/2    irc,scr,scn/6 4     5     scn/6     scn/7     scn/6     tld,scr,scn/6
        RCA   | -     -         sta/2    sta/3         4     5     irc/7     scr/6     irc,tlu/9 tld,scr/6
        RCN   | -     -         sta/2    sta/3         4     5     irc,scr/6 scr/6     irc,scr/8 tld,scr/6
        RTR   | -     -         sta/2    sta/3         sta/4 sta/5 sta/6     sta/6     sta/6     tld,zrc,sta/5
        RTA   | -     -         2        3             tlf/2 tlf/3 6         6         8         tld,scr/6
        RUC   | -     -         scj/2    scj/3         scj/4 scj/5 scj/6     scj/7     scj/8     scj/9
        RXJ+  | -     -         2        3             4     5     6         6         8         9
        RXJ-  | -     -         tlf/2    tlf/3         tlf/2 tlf/3 tlf/3     tlf/3     tlf/3     tld,irc,str/5
        RXR   | -     -         2        3             4     5     6         7         8         ser/9
        """;

    private static readonly Dictionary<string, AutomatonActions> Names = new()
    {
        ["tld"] = AutomatonActions.LayerDown,
        ["irc"] = AutomatonActions.InitializeRestartCount,
        ["zrc"] = AutomatonActions.ZeroRestartCount,
        ["scr"] = AutomatonActions.SendConfigureRequest,
        ["sca"] = AutomatonActions.SendConfigureAck,
        ["scn"] = AutomatonActions.SendConfigureNak,
        ["str"] = AutomatonActions.SendTerminateRequest,
        ["sta"] = AutomatonActions.SendTerminateAck,
        ["scj"] = AutomatonActions.SendCodeReject,
        ["ser"] = AutomatonActions.SendEchoReply,
        ["tls"] = AutomatonActions.LayerStarted,
        ["tlu"] = AutomatonActions.LayerUp,
        ["tlf"] = AutomatonActions.LayerFinished,
    };

    internal static IEnumerable<(PppState State, AutomatonEvent Event, string Cell)> Cells()
    {
        string[] rows = Table.Split('\n');
        for (int row = 0; row < rows.Length; row++)
        {
            string[] cells = rows[row].Split('|')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int state = 0; state < cells.Length; state++)
                yield return ((PppState)state, (AutomatonEvent)row, cells[state]);
        }
    }

    [Test]
    public void The_test_knows_all_160_cells() => Assert.That(Cells().Count(), Is.EqualTo(160));

    [Test]
    public void Each_cell_is_the_rfcs()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach ((PppState state, AutomatonEvent happened, string cell) in Cells())
            {
                Assert.That(
                    AutomatonTable.Find(state, happened), Is.EqualTo(Parse(cell)), $"{happened} in {state}");
            }
        }
    }

    private static AutomatonTransition? Parse(string cell)
    {
        if (cell == "-") return null;
        string[] parts = cell.Split('/');
        AutomatonActions actions = AutomatonActions.None;
        if (parts.Length == 2)
        {
            foreach (string name in parts[0].Split(',')) actions |= Names[name];
        }
        return new AutomatonTransition(actions, (PppState)int.Parse(parts[^1]));
    }
}

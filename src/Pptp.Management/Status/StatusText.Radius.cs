using System.Text;
using Pptp.Model;
using Row = System.Collections.Generic.OrderedDictionary<string, string>;

namespace Pptp.Management.Status;

/// <content>The servers that users and accounting are at.</content>
public static partial class StatusText
{
    private static readonly string[] RadiusColumns =
    [
        StatusKey.Address, StatusKey.Protocol, StatusKey.Status, StatusKey.Pending, StatusKey.Requests,
        StatusKey.Accepts, StatusKey.Rejects, StatusKey.Resends, StatusKey.Timeouts, StatusKey.BadReplies,
        StatusKey.LastRequestRtt,
    ];

    private static void PrintRadius(StringBuilder text, IReadOnlyList<Row> rows)
    {
        text.Append(Menus.Radius.Path).Append('\n').Append("Flags: X - disabled\n");
        PrintTable(text, RadiusColumns, rows, row => $"{Flag(row, StatusKey.Disabled, 'X')}");
    }

    /// <summary>One line: what it is, then each number with its name.</summary>
    private static void PrintNumbers(StringBuilder text, string what, Row row) =>
        text.Append(what).Append(": ").AppendJoin(", ", row.Select(one => $"{one.Key} {one.Value}")).Append('\n');
}

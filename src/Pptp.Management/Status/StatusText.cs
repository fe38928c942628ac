using System.Globalization;
using System.Text;
using Pptp.Model;
using Pptp.Model.Vocabulary;
using Row = System.Collections.Generic.OrderedDictionary<string, string>;

namespace Pptp.Management.Status;

/// <summary>Shows a status as RouterOS' console does: <c>print</c>, and for clients <c>monitor</c> too.</summary>
public static partial class StatusText
{
    private const int LongestLine = 100;
    private const int RouterOsColumns = 6;

    /// <summary>Of a cell: one user with a long name leaves the others' rows readable.</summary>
    private const int LongestCell = 32;

    private static readonly string[] MonitorKeys =
    [
        StatusKey.Status, StatusKey.Uptime, StatusKey.Encoding, StatusKey.Mtu, StatusKey.Mru, StatusKey.LocalAddress,
        StatusKey.RemoteAddress, StatusKey.LocalIpv6Address, StatusKey.RemoteIpv6Address,
        StatusKey.RxBitsPerSecond, StatusKey.TxBitsPerSecond,
    ];

    /// <summary>RouterOS' columns, then ours, of which those stay away that nobody has anything in.</summary>
    private static readonly string[] ServerColumns =
    [
        StatusKey.Name, StatusKey.User, StatusKey.Mtu, StatusKey.ClientAddress, StatusKey.Uptime, StatusKey.Encoding,
        StatusKey.Interface, StatusKey.RemoteAddress, StatusKey.RxBitsPerSecond, StatusKey.TxBitsPerSecond,
        StatusKey.RateLimit,
    ];

    public static string Print(StatusDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        StringBuilder text = new();
        if (document.PptpClient.Count > 0)
            PrintClients(text, document.PptpClient);
        if (document.PptpClient.Count > 0 && document.PptpServer.Count > 0)
            text.Append('\n');
        if (document.PptpServer.Count > 0)
            PrintServer(text, document.PptpServer);
        if (text.Length == 0)
            text.Append("there are no tunnels\n");
        if (document.Radius is { } rows)
            PrintRadius(text.Append('\n'), rows);
        if (document.RadiusIncoming is { } incoming)
            PrintNumbers(text, Menus.RadiusIncoming.Path, incoming);
        if (document.Accounting is { } accounting)
            PrintNumbers(text, "reports that no server has taken", accounting);
        return text.ToString();
    }

    private static void PrintClients(StringBuilder text, IReadOnlyList<Row> rows)
    {
        text.Append(Menus.PptpClient.Path).Append('\n').Append("Flags: X - disabled; R - running\n");
        string indent = new(' ', Number(rows.Count - 1).Length + 4);
        int keyWidth = MonitorKeys.Max(key => rows.Any(row => row.ContainsKey(key)) ? Label(key).Length : 0);
        for (int i = 0; i < rows.Count; i++)
        {
            Row row = rows[i];
            char disabled = Flag(row, StatusKey.Disabled, 'X');
            char running = Flag(row, StatusKey.Running, 'R');
            string start = $"{Number(i).PadLeft(indent.Length - 4)} {disabled}{running} ";
            if (row.TryGetValue(StatusKey.Comment, out string? comment))
            {
                text.Append(start).Append(";;; ").Append(TomlText.Escape(comment)).Append('\n');
                start = indent;
            }
            PrintWords(text, start, indent, Words(row));
            foreach (string key in MonitorKeys.Where(row.ContainsKey))
                text.Append(indent).Append(Label(key).PadLeft(keyWidth)).Append(": ").Append(Value(row, key)).Append('\n');
        }
    }

    private static IEnumerable<string> Words(Row row)
    {
        foreach (PropertyDefinition property in Menus.PptpClient.Properties.Where(property => !property.IsReadOnly))
        {
            if (property.Name is StatusKey.Disabled or StatusKey.Comment
                || !row.TryGetValue(property.Name, out string? value))
            {
                continue;
            }
            // RouterOS has its free texts in quotes.
            bool isText = property.Name is StatusKey.Name or StatusKey.User;
            yield return $"{property.Name}={(isText ? TomlText.Quote(value) : TomlText.Escape(value))}";
        }
    }

    private static void PrintWords(StringBuilder text, string start, string indent, IEnumerable<string> words)
    {
        string line = start;
        bool isEmpty = true;
        foreach (string word in words)
        {
            if (!isEmpty && line.Length + 1 + word.Length > LongestLine)
            {
                text.Append(line).Append('\n');
                line = indent;
                isEmpty = true;
            }
            line += isEmpty ? word : " " + word;
            isEmpty = false;
        }
        text.Append(line).Append('\n');
    }

    private static void PrintServer(StringBuilder text, IReadOnlyList<Row> rows)
    {
        string[] columns =
        [
            .. ServerColumns.Take(RouterOsColumns),
            .. ServerColumns.Skip(RouterOsColumns).Where(key => rows.Any(row => row.ContainsKey(key))),
        ];
        text.Append(Menus.PptpServerInterface.Path).Append('\n')
            .Append("Flags: X - disabled; D - dynamic; R - running\n")
            .Append("Columns: ").AppendJoin(", ", columns.Select(Title)).Append('\n');
        PrintTable(text, columns, rows, row => new string(
        [
            Flag(row, StatusKey.Disabled, 'X'), Flag(row, StatusKey.Dynamic, 'D'), Flag(row, StatusKey.Running, 'R'),
        ]));
    }

    private static void PrintTable(
        StringBuilder text, string[] columns, IReadOnlyList<Row> rows, Func<Row, string> flags)
    {
        List<string[]> lines = [["#", "", .. columns.Select(Title)]];
        for (int i = 0; i < rows.Count; i++)
        {
            Row row = rows[i];
            lines.Add([Number(i), flags(row), .. columns.Select(key => Shortened(Value(row, key)))]);
        }
        int[] widths = [.. Enumerable.Range(0, lines[0].Length).Select(i => lines.Max(line => line[i].Length))];
        foreach (string[] line in lines)
            text.Append(string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()).Append('\n');
    }

    private static char Flag(Row row, string key, char flag) => StatusDocument.Is(row, key) ? flag : ' ';

    private static string Value(Row row, string key)
    {
        string value = TomlText.Escape(row.GetValueOrDefault(key, ""));
        bool isRate = key is StatusKey.RxBitsPerSecond or StatusKey.TxBitsPerSecond;
        return isRate && long.TryParse(value, CultureInfo.InvariantCulture, out long rate) ? Rate(rate) : value;
    }

    private static string Rate(long bits) => bits switch
    {
        < 1000 => $"{Number((int)bits)}bps",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e3:0.0}kbps"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e6:0.0}Mbps"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e9:0.0}Gbps"),
    };

    private static string Shortened(string cell) =>
        cell.Length <= LongestCell ? cell : string.Concat(cell.AsSpan(0, LongestCell - 3), "...");

    private static string Title(string key) => Label(key).ToUpperInvariant();

    private static string Label(string key) => key switch
    {
        StatusKey.RxBitsPerSecond => "rx",
        StatusKey.TxBitsPerSecond => "tx",
        _ => key,
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

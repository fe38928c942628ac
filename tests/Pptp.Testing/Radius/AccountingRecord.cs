namespace Pptp.Testing.Radius;

/// <summary>An accounting request as FreeRADIUS wrote it down.</summary>
public sealed class AccountingRecord
{
    private readonly List<(string Name, string Value)> _attributes = [];

    private AccountingRecord()
    {
    }

    /// <summary>All attributes in their order, values without quotes.</summary>
    public IReadOnlyList<(string Name, string Value)> Attributes => _attributes;

    /// <summary>Start, Interim-Update, Stop, Accounting-On or Accounting-Off.</summary>
    public string StatusType => this["Acct-Status-Type"] ?? "";

    public string SessionId => this["Acct-Session-Id"] ?? "";

    /// <summary>The attribute's first value; null: it has none.</summary>
    public string? this[string name] => Values(name).FirstOrDefault();

    public IEnumerable<string> Values(string name) =>
        _attributes.Where(attribute => attribute.Name == name).Select(attribute => attribute.Value);

    public override string ToString() =>
        string.Join('\n', _attributes.Select(attribute => $"{attribute.Name} = {attribute.Value}"));

    /// <summary>Reads a detail file; a record whose end is not written yet is left out.</summary>
    internal static IReadOnlyList<AccountingRecord> Parse(string text)
    {
        List<AccountingRecord> records = [];
        AccountingRecord? current = null;
        foreach (string line in text.Split('\n')[..^1])
        {
            if (line.Length == 0)
            {
                if (current is not null)
                {
                    records.Add(current);
                }

                current = null;
            }
            else if (line[0] != '\t')
            {
                current = new(); // the line that tells the time
            }
            else if (line.Split(" = ", 2) is [var name, var value])
            {
                current?._attributes.Add((name.Trim(), Unquote(value)));
            }
        }

        return records;
    }

    private static string Unquote(string value) => value.Length > 1 && value[0] == '"' && value[^1] == '"'
        ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
        : value;
}

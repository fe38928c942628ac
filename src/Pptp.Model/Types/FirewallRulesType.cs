using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>
/// Rules of nftables: a TOML array, or text with a rule on each line. What a rule says is nft's to judge; here it is
/// kept from being more than one.
/// </summary>
internal sealed class FirewallRulesType : PropertyType<ValueList<string>>
{
    private const int LongestRule = 4096;

    private static readonly TextType Line = new("a rule", LongestRule, allowEmpty: false, allowLines: false);

    public override string Expectation => "a list of rules";

    public override bool TryParse(string text, out ValueList<string> value, out string? problem)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        value = [.. lines];
        problem = lines.Select(ProblemOf).FirstOrDefault(found => found is not null);
        return problem is null;
    }

    public override string Format(ValueList<string> value) => string.Join('\n', value);

    public override string? FormatToml(ValueList<string> value) =>
        value.Count == 0 ? null : $"[{string.Join(", ", value.Select(TomlText.Quote))}]";

    public override bool TryRead(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out ValueList<string> result)
    {
        if (value is not ConfigurationValue.List list)
        {
            bool read = base.TryRead(value, complaints, out ValueList<string>? parsed);
            result = parsed ?? [];
            return read;
        }

        List<string> rules = [];
        foreach (ConfigurationValue item in list.Items)
        {
            string? problem = item is ConfigurationValue.Text text
                ? ProblemOf(text.Value.Trim())
                : $"must be a rule in quotes, not {item.Display}";
            if (problem is null)
            {
                rules.Add(((ConfigurationValue.Text)item).Value.Trim());
            }
            else
            {
                complaints.Add(new(item.Position, problem));
            }
        }

        result = [.. rules];
        return rules.Count == list.Items.Count;
    }

    /// <summary>Why a text is not one rule and no more; null: it is.</summary>
    private static string? ProblemOf(string rule)
    {
        if (!Line.TryParse(rule, out _, out string? problem))
        {
            return problem;
        }

        int depth = 0;
        bool isQuoted = false;
        foreach (char c in rule)
        {
            // nft knows no escape within quotes.
            if (c == '"')
            {
                isQuoted = !isQuoted;
            }

            if (isQuoted)
            {
                continue;
            }

            switch (c)
            {
                case '#':
                    return "must not hold # outside of quotes: what follows it would be nft's comment";
                case '\\':
                    return "must not hold \\ outside of quotes";
                case ';' when depth == 0:
                    return "must be one rule: ; would begin another";
                case '{':
                    depth++;
                    break;
                case '}' when --depth < 0:
                    return "has a } without its {";
                default:
                    break;
            }
        }

        return isQuoted ? "has a quotation mark without its other one"
            : depth > 0 ? "has a { without its }"
            : null;
    }
}

using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A list: a TOML array, or RouterOS text with commas.</summary>
/// <param name="member">The type of a member.</param>
/// <param name="plural">What the members are, in a message.</param>
/// <param name="atLeastOne">Whether an empty list is refused.</param>
internal sealed class ListType<T>(PropertyType<T> member, string plural, bool atLeastOne = false)
    : PropertyType<ValueList<T>>
{
    public override string Expectation => $"a list of {plural}";

    public override IReadOnlyList<string> Words => member.Words;

    public override bool TryParse(string text, out ValueList<T> value, out string? problem)
    {
        List<T> members = [];
        problem = null;
        value = [];
        foreach (string part in Split(text))
        {
            if (!member.TryParse(part, out T? parsed, out problem))
            {
                problem ??= $"must be {Expectation}, not {ConfigurationValue.Show(part)}";
                return false;
            }

            members.Add(parsed);
        }

        value = [.. members];
        problem = ProblemOf(value);
        return problem is null;
    }

    public override string Format(ValueList<T> value) => string.Join(',', value.Select(member.Format));

    public override string? FormatToml(ValueList<T> value) =>
        value.Count == 0 ? null : $"[{string.Join(", ", value.Select(member.FormatToml))}]";

    public override bool TryRead(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out ValueList<T> result)
    {
        if (value is not ConfigurationValue.List list)
        {
            bool read = base.TryRead(value, complaints, out ValueList<T>? parsed);
            result = parsed ?? [];
            return read;
        }

        List<T> members = [];
        foreach (ConfigurationValue item in list.Items)
        {
            if (member.TryRead(item, complaints, out T? parsed))
            {
                members.Add(parsed);
            }
        }

        result = [.. members];
        if (members.Count == list.Items.Count && ProblemOf(result) is { } problem)
        {
            complaints.Add(new(value.Position, problem));
            return false;
        }

        return members.Count == list.Items.Count;
    }

    private string? ProblemOf(ValueList<T> list) =>
        atLeastOne && list.Count == 0 ? $"must be {Expectation}, not empty" : null;

    private static string[] Split(string text) =>
        text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
}

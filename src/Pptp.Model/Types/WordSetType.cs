using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A set of a few words, in the order in which RouterOS has them.</summary>
/// <param name="join">Puts two sets together.</param>
/// <param name="atLeastOne">Whether the empty set is refused.</param>
/// <param name="words">Each word with its flag.</param>
internal sealed class WordSetType<T>(Func<T, T, T> join, bool atLeastOne, params (string Word, T Value)[] words)
    : PropertyType<T>
    where T : struct, Enum
{
    private readonly ListType<T> _list =
        new(new WordType<T>(words), string.Join(", ", words.Select(pair => pair.Word)), atLeastOne);

    public override string Expectation => _list.Expectation;

    public override IReadOnlyList<string> Words => _list.Words;

    public override bool TryParse(string text, out T value, out string? problem)
    {
        bool parsed = _list.TryParse(text, out ValueList<T> list, out problem);
        value = list.Aggregate(default, join);
        return parsed;
    }

    public override string Format(T value) => _list.Format(Separate(value));

    public override string? FormatToml(T value) => _list.FormatToml(Separate(value));

    public override bool TryRead(ConfigurationValue value, ICollection<ValueComplaint> complaints, out T result)
    {
        if (value is not ConfigurationValue.List)
        {
            return base.TryRead(value, complaints, out result);
        }

        bool read = _list.TryRead(value, complaints, out ValueList<T> list);
        result = list.Aggregate(default, join);
        return read;
    }

    private ValueList<T> Separate(T value) => [.. words.Select(pair => pair.Value).Where(one => value.HasFlag(one))];
}

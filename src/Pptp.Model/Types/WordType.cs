using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>One of a few words.</summary>
/// <param name="words">Each word with its value; the first word of a value is the one printed.</param>
internal sealed class WordType<T>(params (string Word, T Value)[] words) : PropertyType<T>
    where T : struct, Enum
{
    public override string Expectation => Words.Count == 1 ? Words[0] : $"one of {string.Join(", ", Words)}";

    // A second word for a value (require for required) is read, not advertised.
    public override IReadOnlyList<string> Words { get; } =
        [.. words.DistinctBy(pair => pair.Value).Select(pair => pair.Word)];

    public override bool TryParse(string text, out T value, out string? problem)
    {
        problem = null;
        // RouterOS' programming interface says true and false where its console says yes and no.
        string plain = text switch { "true" => "yes", "false" => "no", _ => text };
        foreach ((string word, T meaning) in words)
        {
            if (word == plain)
            {
                value = meaning;
                return true;
            }
        }

        if (NearestName.Find(text, Words) is { } nearest)
        {
            problem = $"must be {Expectation}, not {ConfigurationValue.Show(text)}; did you mean {nearest}?";
        }

        value = default;
        return false;
    }

    public override string Format(T value) =>
        words.First(pair => EqualityComparer<T>.Default.Equals(pair.Value, value)).Word;

    // no and yes are also words of tri-states, where TOML's true and false must be understood.
    protected override string? ToText(ConfigurationValue value) =>
        value is ConfigurationValue.Boolean boolean ? (boolean.Value ? "yes" : "no") : base.ToText(value);
}

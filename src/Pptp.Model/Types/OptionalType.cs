using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A value that may be missing, with the word RouterOS has for that (<c>none</c>, <c>disabled</c>).</summary>
/// <remarks>Without a word, the empty text stands for it.</remarks>
internal sealed class OptionalType<T>(PropertyType<T> inner, string word = "") : PropertyType<T?>
    where T : class
{
    public override string Expectation => word.Length == 0 ? inner.Expectation : $"{inner.Expectation}, or {word}";

    public override IReadOnlyList<string> Words => word.Length == 0 ? inner.Words : [.. inner.Words, word];

    public override bool TryParse(string text, out T? value, out string? problem)
    {
        problem = null;
        value = null;
        return text == word || text.Length == 0 || inner.TryParse(text, out value, out problem);
    }

    public override string Format(T? value) => value is null ? word : inner.Format(value);

    public override string? FormatToml(T? value) =>
        value is not null ? inner.FormatToml(value) : word.Length == 0 ? null : TomlText.Quote(word);

    public override bool TryRead(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out T? result)
    {
        result = null;
        return value is ConfigurationValue.Text { Value: var text } && (text == word || text.Length == 0)
            || inner.TryRead(value, complaints, out result);
    }
}

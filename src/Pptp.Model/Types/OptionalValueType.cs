using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>As <see cref="OptionalType{T}"/>, for values that are structs.</summary>
internal sealed class OptionalValueType<T>(PropertyType<T> inner, string word) : PropertyType<T?>
    where T : struct
{
    public override string Expectation => word.Length == 0 ? inner.Expectation : $"{inner.Expectation}, or {word}";

    public override IReadOnlyList<string> Words => word.Length == 0 ? inner.Words : [.. inner.Words, word];

    public override bool TryParse(string text, out T? value, out string? problem)
    {
        value = null;
        problem = null;
        if (text == word)
        {
            return true;
        }

        if (!inner.TryParse(text, out T parsed, out problem))
        {
            return false;
        }

        value = parsed;
        return true;
    }

    public override string Format(T? value) => value is null ? word : inner.Format(value.Value);

    public override string? FormatToml(T? value) =>
        value is not null ? inner.FormatToml(value.Value) : word.Length == 0 ? null : TomlText.Quote(word);

    public override bool TryRead(ConfigurationValue value, ICollection<ValueComplaint> complaints, out T? result)
    {
        if (value is ConfigurationValue.Text { Value: var text } && text == word)
        {
            result = null;
            return true;
        }

        // The inner type reads TOML's own types; its refusals are said again with the word in them.
        List<ValueComplaint> inside = [];
        bool read = inner.TryRead(value, inside, out T parsed);
        result = read ? parsed : null;
        foreach (ValueComplaint complaint in inside)
        {
            complaints.Add(complaint with
            {
                Message = complaint.Message.Replace(inner.Expectation, Expectation, StringComparison.Ordinal),
            });
        }

        return read;
    }
}

using System.Text;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>Text of a bounded length; names refuse control characters, comments may have several lines.</summary>
/// <param name="expectation">What it stands for: <c>a name</c>.</param>
/// <param name="maximumOctets">The longest one, in octets of UTF-8.</param>
/// <param name="allowEmpty">Whether it may be empty.</param>
/// <param name="allowLines">Whether it may have several lines.</param>
internal sealed class TextType(string expectation, int maximumOctets, bool allowEmpty, bool allowLines)
    : PropertyType<string>
{
    public override string Expectation => expectation;

    public override bool TryParse(string text, out string value, out string? problem)
    {
        value = text;
        problem = text switch
        {
            "" when !allowEmpty => $"must be {expectation}, not empty",
            _ when text.Any(c => char.IsControl(c) && !(allowLines && c is '\n' or '\r' or '\t')) =>
                "must not hold control characters",
            _ when !IsWellFormed(text) => "must be well-formed Unicode text",
            _ when Encoding.UTF8.GetByteCount(text) > maximumOctets =>
                $"is too long: at most {maximumOctets} bytes are taken",
            _ => null,
        };
        return problem is null;
    }

    public override string Format(string value) => value;

    // A surrogate without its other half has no UTF-8 form, so it could neither be sent nor written back.
    internal static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    protected override string Refusal(ConfigurationValue value) =>
        $"must be {expectation} in quotes, not {value.Display}";
}

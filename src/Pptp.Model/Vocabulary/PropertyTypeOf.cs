using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pptp.Model.Vocabulary;

/// <summary>Reads and prints the values of a property.</summary>
/// <remarks>A type reads any value it prints.</remarks>
public abstract class PropertyType<T> : PropertyType
{
    /// <summary>Reads RouterOS text.</summary>
    /// <param name="text">The text without its quotes.</param>
    /// <param name="value">The value, when it returns true.</param>
    /// <param name="problem">Why not, when it returns false; null where <see cref="PropertyType.Expectation"/> says
    /// all there is to say.</param>
    public abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value, out string? problem);

    /// <summary>The value as RouterOS text, without quotes.</summary>
    public abstract string Format(T value);

    /// <summary>The value as TOML; null when it is one that is written by leaving the key out.</summary>
    public virtual string? FormatToml(T value) => TomlText.Quote(Format(value));

    /// <summary>As <see cref="FormatToml"/> for who may not see secrets.</summary>
    public virtual string? FormatMasked(T value) =>
        FormatToml(value) is null ? null : TomlText.Quote(SecretValue.Mask);

    /// <summary>Reads a value of any front; says in <paramref name="complaints"/> all that is wrong with it.</summary>
    public virtual bool TryRead(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, [MaybeNullWhen(false)] out T result)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(complaints);
        string? problem = null;
        if (ToText(value) is { } text && TryParse(text, out result, out problem))
        {
            return true;
        }

        complaints.Add(new(value.Position, problem ?? Refusal(value)));
        result = default;
        return false;
    }

    /// <summary>The RouterOS text of a value that is not text, or null when it cannot be one of this type.</summary>
    protected virtual string? ToText(ConfigurationValue value) => value switch
    {
        ConfigurationValue.Text text => text.Value,
        _ => null,
    };

    /// <summary>What is said of a value that is nothing of this type.</summary>
    protected virtual string Refusal(ConfigurationValue value) => $"must be {Expectation}, not {value.Display}";

    /// <summary>Text of a whole number, for types that take numbers.</summary>
    protected static string? NumberOrText(ConfigurationValue value) => value switch
    {
        ConfigurationValue.Text text => text.Value,
        ConfigurationValue.Integer integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}

using System.Globalization;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A whole number.</summary>
internal sealed class IntegerType(int minimum, int maximum) : PropertyType<int>
{
    public override string Expectation => $"an integer from {minimum} to {maximum}";

    public override bool TryParse(string text, out int value, out string? problem)
    {
        problem = null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= minimum && value <= maximum;
    }

    public override string Format(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override string FormatToml(int value) => Format(value);

    protected override string? ToText(ConfigurationValue value) => NumberOrText(value);
}

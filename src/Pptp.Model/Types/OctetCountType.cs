using System.Globalization;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A number of octets.</summary>
internal sealed class OctetCountType : PropertyType<long>
{
    public override string Expectation => "a number of bytes";

    public override bool TryParse(string text, out long value, out string? problem)
    {
        problem = null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    public override string Format(long value) => value.ToString(CultureInfo.InvariantCulture);

    public override string FormatToml(long value) => Format(value);

    protected override string? ToText(ConfigurationValue value) => NumberOrText(value);
}

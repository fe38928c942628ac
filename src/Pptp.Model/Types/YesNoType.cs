using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>yes or no; true and false are read too.</summary>
internal sealed class YesNoType : PropertyType<bool>
{
    public override string Expectation => "yes or no";

    public override IReadOnlyList<string> Words { get; } = ["yes", "no"];

    public override bool TryParse(string text, out bool value, out string? problem)
    {
        problem = null;
        value = text is "yes" or "true";
        return value || text is "no" or "false";
    }

    public override string Format(bool value) => value ? "yes" : "no";

    public override string FormatToml(bool value) => value ? "true" : "false";

    protected override string? ToText(ConfigurationValue value) =>
        value is ConfigurationValue.Boolean boolean ? Format(boolean.Value) : base.ToText(value);
}

using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>
/// The name of an interface: one that RouterOS and Linux both take and that no firewall's syntax trips over.
/// </summary>
internal sealed class InterfaceNameType : PropertyType<string>
{
    // IFNAMSIZ without the closing zero.
    private const int LongestName = 15;

    public override string Expectation => "an interface name: at most 15 of the characters a-z A-Z 0-9 _ . -";

    public override bool TryParse(string text, out string value, out string? problem)
    {
        value = text;
        problem = null;
        return text.Length is > 0 and <= LongestName
            && text is not ("." or "..")
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
    }

    public override string Format(string value) => value;
}

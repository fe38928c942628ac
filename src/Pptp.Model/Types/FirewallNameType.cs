using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>The name of a chain or list: one that nft takes without quotes, and that is none of our own.</summary>
/// <param name="what">What it names: <c>a chain's name</c>.</param>
internal sealed class FirewallNameType(string what) : PropertyType<string>
{
    private const int LongestName = 63;

    /// <summary>Of the chains, maps and sets that are there without being configured.</summary>
    private const string ReservedPrefix = "pptpd-";

    /// <summary>Of the set that has the IPv6 prefixes of an address list.</summary>
    private const string Ipv6Suffix = "-ipv6";

    public override string Expectation =>
        $"{what}: a letter, then letters, digits and - _ . up to {LongestName} characters";

    internal static FirewallNameType Chain { get; } = new("a chain's name");

    internal static FirewallNameType List { get; } = new("a list's name");

    public override bool TryParse(string text, out string value, out string? problem)
    {
        value = text;
        problem = text.StartsWith(ReservedPrefix, StringComparison.Ordinal)
            ? $"must not begin with {ReservedPrefix}: such names are pptpd's own"
            : text.EndsWith(Ipv6Suffix, StringComparison.Ordinal)
            ? $"must not end in {Ipv6Suffix}: so the IPv6 of an address list is called"
            : null;
        return problem is null
            && text.Length is > 0 and <= LongestName
            && char.IsAsciiLetter(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
    }

    public override string Format(string value) => value;
}

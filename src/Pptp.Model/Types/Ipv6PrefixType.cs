using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>An IPv6 prefix whose addresses a host can have.</summary>
internal sealed class Ipv6PrefixType : PropertyType<Ipv6Prefix>
{
    public override string Expectation => "an IPv6 prefix such as 2001:db8:8::/64, its host bits zero";

    public override bool TryParse(string text, out Ipv6Prefix value, out string? problem)
    {
        bool parsed = Ipv6Prefix.TryParse(text, out value);
        problem = parsed && !value.IsUnicast ? $"must be a prefix of addresses a host can have, not {value}" : null;
        return parsed && problem is null;
    }

    public override string Format(Ipv6Prefix value) => value.ToString();
}

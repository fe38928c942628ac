using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>
/// One range of addresses: <c>10.0.0.2-10.0.0.9</c>, one address, or <c>10.0.0.0/24</c>, which leaves out the
/// network's and the broadcast address.
/// </summary>
internal sealed class RangeType : PropertyType<Ipv4Range>
{
    public override string Expectation => "an address range such as 10.0.0.2-10.0.0.9 or 10.0.0.0/24";

    public override bool TryParse(string text, out Ipv4Range value, out string? problem)
    {
        problem = null;
        bool parsed = text.Contains('/', StringComparison.Ordinal)
            ? TryParsePrefix(text, out value)
            : TryParsePair(text, out value);
        if (!parsed)
        {
            return false;
        }

        problem = value switch
        {
            _ when value.First > value.Last => $"runs backwards: {text}",
            // The class of the first and the last octet tell for all between: 0, 127 and 224 up are excluded.
            _ when !Ipv4Text.IsUnicast(value.First) || !Ipv4Text.IsUnicast(value.Last)
                || value.Overlaps(new(127u << 24, (127u << 24) | 0xFFFFFF)) =>
                $"must hold addresses a host can have, not {text}",
            _ => null,
        };
        return problem is null;
    }

    public override string Format(Ipv4Range value) => value.ToString();

    private static bool TryParsePair(string text, out Ipv4Range value)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        ReadOnlySpan<char> first = dash < 0 ? text : text.AsSpan(0, dash).Trim();
        ReadOnlySpan<char> last = dash < 0 ? first : text.AsSpan(dash + 1).Trim();
        bool parsed = Ipv4Text.TryParse(first, out uint from) & Ipv4Text.TryParse(last, out uint to);
        value = new Ipv4Range(from, to);
        return parsed;
    }

    private static bool TryParsePrefix(string text, out Ipv4Range value)
    {
        value = default;
        if (!NetworkText.TryParse(text, out uint network, out int length))
        {
            return false;
        }

        uint last = network | NetworkText.HostMask(length);
        value = length >= 31 ? new Ipv4Range(network, last) : new Ipv4Range(network + 1, last - 1);
        return true;
    }
}

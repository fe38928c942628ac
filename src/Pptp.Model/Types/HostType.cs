using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>Where a server is: an IPv4 address or a DNS name.</summary>
internal sealed class HostType : PropertyType<string>
{
    // RFC 1035 §2.3.4, as text without the final dot.
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    public override string Expectation => "an IPv4 address or a DNS name";

    public override bool TryParse(string text, out string value, out string? problem)
    {
        value = text;
        problem = null;
        if (Ipv4Text.TryParse(text, out uint address))
        {
            // The loopback is somebody here.
            problem = Ipv4Text.IsUnicast(address) || address >> 24 == 127
                ? null
                : $"must be an address a host can have, not {text}";
            return problem is null;
        }

        problem = text switch
        {
            _ when Ipv4Text.LooksLikeAddress(text) => $"is not an IPv4 address: {ConfigurationValue.Show(text)}",
            _ when text.Count(c => c == ':') > 1 || text.StartsWith('[') =>
                "must be an IPv4 address or a DNS name: PPTP does not go over IPv6",
            _ when text.Contains(':', StringComparison.Ordinal) => "takes no port: PPTP servers are called on 1723",
            _ => null,
        };
        return problem is null && IsDnsName(text);
    }

    public override string Format(string value) => value;

    // RFC 1123 §2.1, and the underscore that some networks have in their names.
    private static bool IsDnsName(string text)
    {
        ReadOnlySpan<char> name = text.EndsWith('.') ? text.AsSpan(..^1) : text;
        if (name.Length is 0 or > LongestName)
        {
            return false;
        }

        bool isLastNumeric = false;
        foreach (Range range in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[range];
            if (label.Length is 0 or > LongestLabel || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            isLastNumeric = true;
            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                {
                    return false;
                }

                isLastNumeric &= char.IsAsciiDigit(c);
            }
        }

        // No top-level domain is a number; resolvers take one for an address.
        return !isLastNumeric;
    }
}

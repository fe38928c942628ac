using System.Net;
using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>One IPv4 address of a host.</summary>
internal sealed class AddressType : PropertyType<IPAddress>
{
    public override string Expectation => "an IPv4 address";

    public override bool TryParse(string text, out IPAddress value, out string? problem)
    {
        bool parsed = Ipv4Text.TryParse(text, out uint address);
        value = Ipv4Range.ToAddress(address);
        problem = parsed && !Ipv4Text.IsUnicast(address) ? $"must be an address a host can have, not {text}" : null;
        return parsed && problem is null;
    }

    public override string Format(IPAddress value) => value.ToString();
}

using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>An IPv4 address, or the name of a pool.</summary>
internal sealed class AddressSourceType : PropertyType<AddressSource>
{
    public override string Expectation => "an IPv4 address or the name of a pool";

    public override bool TryParse(string text, out AddressSource value, out string? problem)
    {
        value = new AddressSource.Pool(text);
        if (Ipv4Text.TryParse(text, out uint address))
        {
            value = new AddressSource.Single(Ipv4Range.ToAddress(address));
            problem = Ipv4Text.IsUnicast(address) ? null : $"must be an address a host can have, not {text}";
            return problem is null;
        }

        if (Ipv4Text.LooksLikeAddress(text))
        {
            problem = $"is not an IPv4 address: {ConfigurationValue.Show(text)}";
            return false;
        }

        return PropertyTypes.Name.TryParse(text, out _, out problem);
    }

    public override string Format(AddressSource value) => value.ToString()!;
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <content>What an attribute's octets are.</content>
internal sealed partial class RadiusGrantReader
{
    private void Ignore(RadiusValue value, string why) => _warnings.Add($"{value} is ignored: {why}");

    private void Text(RadiusValue value, Func<RadiusGrant, string, RadiusGrant> set)
    {
        if (TextOf(value) is { } text)
            _grant = set(_grant, text);
    }

    private void Text(RadiusValue value, Action<RadiusGrant, string> set)
    {
        if (TextOf(value) is { } text)
            set(_grant, text);
    }

    private string? TextOf(RadiusValue value)
    {
        // Some servers send the zero that ends a text in C.
        if (value.AsText()?.TrimEnd('\0') is { Length: > 0 } text && !text.Any(char.IsControl))
            return text;
        Ignore(value, $"its {value.Octets.Length} octets are no text");
        return null;
    }

    private void Number(RadiusValue value, Func<RadiusGrant, uint, RadiusGrant> set)
    {
        if (NumberOf(value) is { } number)
            _grant = set(_grant, number);
    }

    private void Number(RadiusValue value, Action<RadiusGrant, uint> set)
    {
        if (NumberOf(value) is { } number)
            set(_grant, number);
    }

    private uint? NumberOf(RadiusValue value)
    {
        if (value.AsInteger() is { } number)
            return number;
        Ignore(value, $"it has {value.Octets.Length} octets instead of 4");
        return null;
    }

    /// <summary>0 is none, as in a profile.</summary>
    private void Seconds(RadiusValue value, Func<RadiusGrant, TimeSpan, RadiusGrant> set) =>
        Number(value, (grant, seconds) => set(grant, TimeSpan.FromSeconds(seconds)));

    private void Address(RadiusValue value, Action<RadiusGrant, IPAddress> set)
    {
        if (value.AsAddress() is { } address)
            set(_grant, address);
        else
            Ignore(value, $"it has {value.Octets.Length} octets instead of 4");
    }

    private void Prefix(RadiusValue value, Action<Ipv6Prefix> set)
    {
        if (value.AsIpv6Prefix() is var (address, length))
            set(PrefixOf(address, length));
        else
            Ignore(value, $"its {value.Octets.Length} octets are no prefix");
    }

    private static Ipv6Prefix PrefixOf(IPAddress address, int length) =>
        new(Ipv6Prefix.ToNumber(address), length);

    private void AddRoute(Ipv6Prefix destination, uint metric) =>
        _ipv6Routes.Add(new PppIpv6Route(destination, IPAddress.IPv6Any, metric));

    /// <summary>RFC 2865 §5.22: <c>192.168.1.0/24 192.168.1.1 1</c>; without a length it is the class's.</summary>
    private void AddRoute(RadiusValue value, string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > 0
            && TryNetwork(parts[0], out IPNetwork destination)
            && TryGateway(parts, AddressFamily.InterNetwork, out IPAddress gateway)
            && TryMetric(parts, out uint metric))
        {
            _routes.Add(new PppRoute(destination, gateway, metric));
            return;
        }
        Ignore(value, "it is no route such as 10.1.0.0/24 0.0.0.0 1");
    }

    /// <summary>RFC 3162 §2.5: <c>2001:db8:7::/64 :: 1</c>.</summary>
    private void AddIpv6Route(RadiusValue value, string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > 0
            && IPNetwork.TryParse(parts[0], out IPNetwork destination)
            && destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6
            && TryGateway(parts, AddressFamily.InterNetworkV6, out IPAddress gateway)
            && TryMetric(parts, out uint metric))
        {
            _ipv6Routes.Add(new PppIpv6Route(PrefixOf(destination.BaseAddress, destination.PrefixLength), gateway, metric));
            return;
        }
        Ignore(value, "it is no route such as 2001:db8:7::/64 :: 1");
    }

    private static bool TryNetwork(string text, out IPNetwork network)
    {
        network = default;
        if (text.Contains('/', StringComparison.Ordinal))
            return IPNetwork.TryParse(text, out network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
        if (!IPAddress.TryParse(text, out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetwork)
            return false;
        byte first = address.GetAddressBytes()[0];
        network = NetworkOf(address, first < 128 ? 8 : first < 192 ? 16 : 24);
        return true;
    }

    private static bool TryGateway(string[] parts, AddressFamily family, out IPAddress gateway)
    {
        gateway = family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        if (parts.Length < 2)
            return true;
        if (!IPAddress.TryParse(parts[1], out IPAddress? named) || named.AddressFamily != family)
            return false;
        gateway = named;
        return true;
    }

    /// <summary>RFC 2865 has several; the first is the kernel's.</summary>
    private static bool TryMetric(string[] parts, out uint metric)
    {
        metric = 0;
        return parts.Length < 3 || uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out metric);
    }
}

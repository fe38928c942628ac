using System.Globalization;

namespace Pptp.Model.Types;

/// <summary>An IPv4 network as address and prefix length, its host bits zero.</summary>
internal static class NetworkText
{
    internal static bool TryParse(ReadOnlySpan<char> text, out uint network, out int length)
    {
        network = 0;
        length = 0;
        int slash = text.IndexOf('/');
        return slash > 0
            && Ipv4Text.TryParse(text[..slash], out network)
            && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= 32
            && (network & HostMask(length)) == 0;
    }

    /// <summary>Ones where the host's bits are.</summary>
    internal static uint HostMask(int length) => length == 0 ? uint.MaxValue : (uint)((1UL << (32 - length)) - 1);
}

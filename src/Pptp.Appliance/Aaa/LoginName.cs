using System.Text;
using System.Text.Unicode;

namespace Pptp.Appliance.Aaa;

/// <summary>The name a client logs in with.</summary>
internal static class LoginName
{
    /// <summary>The longest one, in bytes: what User-Name of RADIUS can carry (RFC 2865 §5.1).</summary>
    public const int MaximumLength = 253;

    /// <summary>Whether it is text that can be looked up, logged and sent on as it is.</summary>
    public static bool IsUsable(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= MaximumLength
        && Utf8.IsValid(name)
        && !Encoding.UTF8.GetString(name).Any(char.IsControl);

    /// <summary>What follows the last backslash: Windows may send <c>DOMAIN\user</c>.</summary>
    public static string WithoutDomain(string name) => name[(name.LastIndexOf('\\') + 1)..];
}

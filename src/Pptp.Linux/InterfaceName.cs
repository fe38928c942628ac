using System.Text;

namespace Pptp.Linux;

/// <summary>What the kernel takes for the name of a network interface.</summary>
public static class InterfaceName
{
    /// <summary>IFNAMSIZ without the closing zero.</summary>
    public const int MaximumLength = 15;

    /// <summary>
    /// Whether <paramref name="name"/> is 1 to 15 printable ASCII characters without <c>/</c>, <c>:</c> and
    /// <c>%</c>, and neither <c>.</c> nor <c>..</c>. The kernel would take other bytes too, and would read
    /// <c>%d</c> as "choose a number"; neither is ever wanted here.
    /// </summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaximumLength || name is "." or "..")
        {
            return false;
        }

        foreach (char c in name)
        {
            if (c is <= ' ' or > '~' or '/' or ':' or '%')
            {
                return false;
            }
        }

        return true;
    }

    /// <exception cref="ArgumentException">The name is not one the kernel takes.</exception>
    internal static void Require(string name, string parameterName)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException(
                $"'{name}' is no interface name: 1 to {MaximumLength} printable characters, none of them / : %.",
                parameterName);
        }
    }

    internal static void WriteTo(string name, Span<byte> destination)
    {
        destination.Clear();
        Encoding.ASCII.GetBytes(name, destination);
    }
}

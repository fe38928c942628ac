using System.Text;

namespace Pptp.Appliance.Interfaces;

/// <summary>
/// Names of dynamic interfaces: RouterOS' <c>&lt;pptp-USER&gt;</c>, then <c>&lt;pptp-USER-1&gt;</c> and so on for
/// further logins, and beside it a name that Linux takes.
/// </summary>
internal sealed class InterfaceNames
{
    /// <summary>IFNAMSIZ less its terminating zero.</summary>
    public const int MaximumLength = 15;

    private const string Prefix = "pptp-";

    private readonly Lock _lock = new();
    private readonly HashSet<string> _linux = [];
    private readonly HashSet<string> _routerOs = [];

    /// <summary>Takes the first free pair of names for a login of <paramref name="user"/>.</summary>
    /// <param name="isForeign">Whether an interface of that Linux name exists that is not ours.</param>
    public InterfaceName Reserve(string user, Func<string, bool> isForeign)
    {
        string stem = Sanitize(user);
        lock (_lock)
        {
            int login = 0;
            string routerOs = $"<pptp-{user}>";
            while (!_routerOs.Add(routerOs))
                routerOs = $"<pptp-{user}-{++login}>";
            // Another user may shorten to the same Linux name, so its number runs on by itself.
            string linux = Fit(stem, login);
            while (isForeign(linux) || !_linux.Add(linux))
                linux = Fit(stem, ++login);
            return new InterfaceName(linux, routerOs);
        }
    }

    public void Release(InterfaceName name)
    {
        lock (_lock)
        {
            _linux.Remove(name.Linux);
            _routerOs.Remove(name.RouterOs);
        }
    }

    /// <summary>Takes a Linux name as it is. False: a login has it.</summary>
    public bool TryHold(string linux)
    {
        lock (_lock)
            return _linux.Add(linux);
    }

    /// <summary>Gives back what <see cref="TryHold"/> took.</summary>
    public void LetGo(string linux)
    {
        lock (_lock)
            _linux.Remove(linux);
    }

    private static string Fit(string stem, int login)
    {
        string suffix = login == 0 ? "" : $"-{login}";
        int room = MaximumLength - Prefix.Length - suffix.Length;
        return Prefix + (stem.Length > room ? stem[..room] : stem) + suffix;
    }

    private static string Sanitize(string user)
    {
        StringBuilder name = new(user.Length);
        foreach (char c in user)
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '_');
        return name.ToString();
    }
}

/// <param name="Linux">At most 15 characters of <c>[A-Za-z0-9_.-]</c>.</param>
/// <param name="RouterOs">
/// What RouterOS would call the interface; a login's own in angle brackets, with the user's name as it came.
/// </param>
internal readonly record struct InterfaceName(string Linux, string RouterOs)
{
    /// <summary>It is a login's own; a static interface has one name for both.</summary>
    public bool IsDynamic => Linux != RouterOs;
}

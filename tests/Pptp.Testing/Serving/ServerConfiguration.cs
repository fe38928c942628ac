using System.Globalization;
using System.Text;

namespace Pptp.Testing.Serving;

/// <summary>What a test wants of the server, and the pptpd.toml that says so.</summary>
public sealed record ServerConfiguration
{
    /// <summary>The server's own address in every tunnel.</summary>
    public const string Gateway = "10.9.0.1";

    /// <summary>keepalive-timeout, in seconds.</summary>
    public int Keepalive { get; init; } = 30;

    public int MaxMtu { get; init; } = 1450;

    public int MaxMru { get; init; } = 1450;

    /// <summary>The pool everybody gets an address of.</summary>
    public string Pool { get; init; } = "10.9.0.10-10.9.255.250";

    /// <summary>authentication, the methods with commas between them.</summary>
    public string Authentication { get; init; } = "mschap2";

    /// <summary>Lines to append to the pool.</summary>
    public string PoolExtra { get; init; } = "";

    /// <summary>Lines to append to [pptp-server].</summary>
    public string ServerExtra { get; init; } = "";

    /// <summary>Lines to append to [system].</summary>
    public string SystemExtra { get; init; } = "";

    /// <summary>Lines to append to the profile.</summary>
    public string ProfileExtra { get; init; } = "";

    /// <summary>use-encryption.</summary>
    public string Encryption { get; init; } = "required";

    /// <summary>mppe-allowed; empty leaves it out.</summary>
    public IReadOnlyList<string> MppeAllowed { get; init; } = [];

    /// <summary>change-tcp-mss.</summary>
    public bool ChangeMss { get; init; } = true;

    public string LogLevel { get; init; } = "info";

    /// <summary>state-folder; null: beside the file.</summary>
    public string? StateFolder { get; init; }

    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Tables to append.</summary>
    public string Extra { get; init; } = "";

    /// <summary>The password of a user: long enough to be found if it ever gets into a log.</summary>
    public static string PasswordOf(string user) => $"Pass-of-{user}-8421";

    /// <summary>A table for <see cref="Extra"/>: a profile that inherits from that of the <see cref="Users"/>.</summary>
    /// <param name="name">For <see cref="Secret"/>.</param>
    /// <param name="lines">What is the profile's own, as <c>only-one = "yes"</c>.</param>
    public static string Profile(string name, params string[] lines) =>
        $"\n[[ppp-profile]]\nname = \"{name}\"\n{string.Join('\n', lines)}\n";

    /// <summary>A table for <see cref="Extra"/>: one more user.</summary>
    /// <param name="user">Not one of <see cref="Users"/>.</param>
    /// <param name="profile">As the profile is called; <c>tunnel</c> is that of the <see cref="Users"/>.</param>
    /// <param name="lines">What is the user's own, as <c>limit-bytes-in = 1000</c>.</param>
    public static string Secret(string user, string profile, params string[] lines) =>
        $"\n[[ppp-secret]]\nname = \"{user}\"\npassword = \"{PasswordOf(user)}\"\nprofile = \"{profile}\"\n"
        + $"service = \"pptp\"\n{string.Join('\n', lines)}\n";

    /// <summary>Names user-0, user-1, ...</summary>
    public static string[] Numbered(string stem, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}"))];

    /// <summary>Writes the file, for the owner's eyes only.</summary>
    public void WriteTo(string path)
    {
        string state = StateFolder ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, "state");
        File.WriteAllText(path, (this with { StateFolder = state }).ToToml());
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string ToToml()
    {
        StringBuilder toml = new(string.Create(CultureInfo.InvariantCulture, $"""
            [system]
            log-level = "{LogLevel}"
            {(StateFolder is null ? "" : $"state-folder = \"{StateFolder}\"")}
            {SystemExtra}

            [pptp-server]
            enabled = true
            authentication = "{Authentication}"
            keepalive-timeout = {Keepalive}
            max-mtu = {MaxMtu}
            max-mru = {MaxMru}
            default-profile = "tunnel"
            {ServerExtra}

            [[ip-pool]]
            name = "pool"
            ranges = "{Pool}"
            {PoolExtra}

            [[ppp-profile]]
            name = "tunnel"
            local-address = "{Gateway}"
            remote-address = "pool"
            use-encryption = "{Encryption}"
            mppe-allowed = [{ListOf(MppeAllowed)}]
            change-tcp-mss = "{(ChangeMss ? "yes" : "no")}"
            {ProfileExtra}

            """));
        foreach (string user in Users)
        {
            toml.Append(CultureInfo.InvariantCulture, $"""

                [[ppp-secret]]
                name = "{user}"
                password = "{PasswordOf(user)}"
                profile = "tunnel"
                service = "pptp"

                """);
        }

        return toml.Append(Extra).ToString();
    }

    private static string ListOf(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"\"{word}\""));
}

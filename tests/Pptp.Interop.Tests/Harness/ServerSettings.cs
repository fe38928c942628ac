namespace Pptp.Interop.Tests.Harness;

/// <summary>What a test wants of the server, and the pptpd.toml that says so.</summary>
internal sealed record ServerSettings
{
    /// <summary>The server's own address in every tunnel.</summary>
    public const string Gateway = "10.0.0.1";

    /// <summary>Has the fixed address <see cref="AliceAddress"/>.</summary>
    public const string Alice = "alice";

    public const string AliceAddress = "10.0.0.5";

    /// <summary>Has an address of the pool, and may log in many times.</summary>
    public const string Bob = "bob";

    /// <summary>May come in without encryption: use-encryption = "yes".</summary>
    public const string Opportunist = "opportunist";

    /// <summary>Never encrypts: use-encryption = "no".</summary>
    public const string Plain = "plain";

    /// <summary>keepalive-timeout, in seconds.</summary>
    public int Keepalive { get; init; } = 30;

    public int MaxMtu { get; init; } = 1450;

    public int MaxMru { get; init; } = 1450;

    /// <summary>mrru; null leaves it out.</summary>
    public int? Mrru { get; init; }

    public IReadOnlyList<string> Authentication { get; init; } = ["mschap2"];

    public string ConnectionLimit { get; init; } = "1000/1m";

    /// <summary>Numbered users u0, u1, ... beside the named ones.</summary>
    public int MoreUsers { get; init; }

    /// <summary>Where the server keeps what it remembers; null: a folder beside the configuration.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Lines to append to [system].</summary>
    public string SystemExtra { get; init; } = "";

    /// <summary>Lines to append to the profile of <see cref="Alice"/> and <see cref="Bob"/>.</summary>
    public string ProfileExtra { get; init; } = "";

    /// <summary>Tables to append.</summary>
    public string Extra { get; init; } = "";

    /// <summary>Every user's password: long enough to be found if it ever gets into a log.</summary>
    public static string PasswordOf(string user) => $"Pass-of-{user}-8421";

    public string ToToml()
    {
        string more = string.Concat(Enumerable.Range(0, MoreUsers).Select(i => Secret($"u{i}", "lab")));
        return $"""
            [system]
            identity = "lab-server"
            state-folder = "{StateFolder}"
            {SystemExtra}

            [pptp-server]
            enabled = true
            authentication = "{string.Join(',', Authentication)}"
            keepalive-timeout = {Keepalive}
            max-mtu = {MaxMtu}
            max-mru = {MaxMru}
            {(Mrru is null ? "" : $"mrru = {Mrru}")}
            default-profile = "lab"
            connection-limit = "{ConnectionLimit}"

            [[ip-pool]]
            name = "lab"
            ranges = "10.0.0.10-10.0.0.250"

            {Profile("lab", "required", ProfileExtra)}
            {Profile("opportunist", "yes")}
            {Profile("plain", "no")}
            {Secret(Alice, "lab", $"remote-address = \"{AliceAddress}\"")}
            {Secret(Bob, "lab")}
            {Secret(Opportunist, "opportunist")}
            {Secret(Plain, "plain")}
            {more}
            {Extra}
            """;
    }

    public static string Secret(string user, string profile, string more = "") => $"""

        [[ppp-secret]]
        name = "{user}"
        password = "{PasswordOf(user)}"
        profile = "{profile}"
        service = "pptp"
        {more}

        """;

    public static string Profile(string name, string encryption, string more = "") => $"""

        [[ppp-profile]]
        name = "{name}"
        local-address = "{Gateway}"
        remote-address = "lab"
        use-encryption = "{encryption}"
        dns-server = ["{Gateway}"]
        {more}

        """;
}

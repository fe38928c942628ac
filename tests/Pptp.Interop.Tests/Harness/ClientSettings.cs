namespace Pptp.Interop.Tests.Harness;

/// <summary>What a test wants of our client, and the pptpd.toml that says so.</summary>
internal sealed record ClientSettings
{
    /// <summary>The name of the interface, and of the first where there are several.</summary>
    public const string Interface = "pptp-out1";

    /// <summary>How many of the same clients there are, the last figure of the name apart.</summary>
    public int Count { get; init; } = 1;

    public string Password { get; init; } = Peer.Password;

    public IReadOnlyList<string> Allow { get; init; } = ["pap", "chap", "mschap1", "mschap2"];

    /// <summary>use-encryption of the profile.</summary>
    public string Encryption { get; init; } = "required";

    /// <summary>mppe-allowed of the profile; empty leaves it out.</summary>
    public IReadOnlyList<string> MppeAllowed { get; init; } = [];

    /// <summary>Lines to append to the profile.</summary>
    public string ProfileExtra { get; init; } = "";

    /// <summary>keepalive-timeout, in seconds.</summary>
    public int Keepalive { get; init; } = 60;

    /// <summary>mrru; null leaves it out.</summary>
    public int? Mrru { get; init; }

    public static string NameOf(int index) => $"pptp-out{index + 1}";

    public string ToToml(string stateFolder) => $"""
        [system]
        identity = "lab-client"
        state-folder = "{stateFolder}"

        [[ppp-profile]]
        name = "dial"
        use-encryption = "{Encryption}"
        {(MppeAllowed.Count == 0 ? "" : $"mppe-allowed = [{List(MppeAllowed)}]")}
        {ProfileExtra}
        {string.Concat(Enumerable.Range(0, Count).Select(Client))}
        """;

    private static string List(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"\"{word}\""));

    private string Client(int index) => $"""

        [[pptp-client]]
        name = "{NameOf(index)}"
        connect-to = "{Peer.Address}"
        user = "{Peer.User}"
        password = "{Password}"
        profile = "dial"
        allow = [{List(Allow)}]
        keepalive-timeout = {Keepalive}
        {(Mrru is null ? "" : $"mrru = {Mrru}")}
        disabled = false

        """;
}

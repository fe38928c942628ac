namespace Pptp.Benchmarks;

/// <summary>A figure that the data plane is measured by.</summary>
/// <param name="Number">Its row in the table.</param>
/// <param name="Text">What is measured; "a / b" is a ratio of two things measured in the same round.</param>
/// <param name="Unit">"x" is a ratio.</param>
/// <param name="Goal">What is aimed at.</param>
/// <param name="Floor">What must be reached.</param>
/// <param name="MoreIsBetter">Or less.</param>
internal sealed record Target(int Number, string Text, string Unit, double Goal, double Floor, bool MoreIsBetter = false)
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new(1, "MPPE packet of 1400 B, batches of 4 or more / libcrypto RC4() of 1400 B", "x", 1.10, 1.25),
        new(2, "MPPE packet of 64 B / (2 RC4_set_key + 2 SHA1_Transform of libcrypto)", "x", 0.48, 0.60),
        new(3, "4 sessions with one packet each / one session with 4", "x", 1.10, 1.25),
        new(4, "TCP through the daemon: MPPE on / off", "x", 0.64, 0.58, MoreIsBetter: true),
        new(5, "TCP with MPPE / naive forwarder", "x", 3.0, 2.5, MoreIsBetter: true),
        new(60, "6a CPU per packet at 64 B, daemon / naive: TUN to GRE", "x", 0.70, 0.80),
        new(61, "6b CPU per packet at 64 B, daemon / naive: GRE to TUN", "x", 0.40, 0.50),
        new(70, "7a packets per sendmmsg under bulk TCP", "", 45, 20, MoreIsBetter: true),
        new(71, "7b share coalesced under bulk TCP", "%", 97, 90, MoreIsBetter: true),
        new(80, "8a bytes allocated per packet", "B", 0, 0),
        new(81, "8b collections in 60 s of bulk traffic", "", 0, 0),
        new(9, "set-up time per session at 10,000 / at 100", "x", 1.1, 1.3),
        new(10, "tear-down of 10,000 sessions at once, no interface left", "s", 5, 10),
        new(11, "memory per idle session, the kernel's TUN aside", "KiB", 12, 24),
        new(12, "ping through an idle tunnel, daemon - bare TUN forwarder", "us", 30, 60),
        new(13, "aggregate TCP over 200 tunnels / over 1", "x", 0.95, 0.75, MoreIsBetter: true),
        new(14, "start of the native binary to listening", "ms", 100, 150),
        new(15, "a ping beside another tunnel's full-rate flood, p99 / idle p99", "x", 5, 20),
    ];

    public static Target Of(int number) => All.Single(target => target.Number == number);

    /// <summary>What is to be said of a value.</summary>
    public string Judge(double value) =>
        Reaches(value, Goal) ? "target met" : Reaches(value, Floor) ? "floor met" : "BELOW FLOOR";

    private bool Reaches(double value, double mark) => MoreIsBetter ? value >= mark : value <= mark;
}

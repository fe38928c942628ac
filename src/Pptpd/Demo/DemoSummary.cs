namespace Pptpd.Demo;

/// <summary>What happened, for the end of the demo.</summary>
internal sealed class DemoSummary
{
    public string Login { get; set; } = "";

    public string Encoding { get; set; } = "";

    public string Interface { get; set; } = "";

    public string Ping { get; set; } = "";

    /// <summary>Client to server.</summary>
    public string Up { get; set; } = "";

    /// <summary>Server to client.</summary>
    public string Down { get; set; } = "";

    /// <summary>As the server's log has them: <c>rx-packets=1 rx-bytes=84 ...</c></summary>
    public string Counters { get; set; } = "";

    public void Print(DemoOutput output, bool removed)
    {
        output.Headline("what happened");
        output.Line($"logged in         {Login}");
        output.Line($"encoding          {Encoding}");
        output.Line($"interface         {Interface}");
        output.Line($"ping              {Ping}");
        output.Line($"client to server  {Up}");
        output.Line($"server to client  {Down}");
        output.Line($"server counted    {NonZero(Counters)}");
        output.Line("removed           "
            + (removed ? "both daemons, their files, both namespaces with all in them" : "not all in order, see above"));
        output.Line("");
        output.Line("This is no benchmark: both ends share this machine's processors with who sends and receives. And");
        output.Line("PPTP is weak: who records a login finds the key in about a day. See README.md.");
    }

    /// <summary>Most counters tell of faults, and there are none.</summary>
    private static string NonZero(string counters) =>
        string.Join(' ', counters.Split(' ').Where(counter => !counter.EndsWith("=0", StringComparison.Ordinal)));
}

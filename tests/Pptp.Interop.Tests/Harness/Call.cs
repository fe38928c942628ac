using System.Text.RegularExpressions;

namespace Pptp.Interop.Tests.Harness;

/// <summary>A call that pppd in the VM made or tried to make, as its log tells it.</summary>
internal sealed partial record Call(string Link, CommandResult Result)
{
    /// <summary>pppd's exit status: 0 when the link came up (pppd(8), EXIT STATUS).</summary>
    public int ExitCode => Result.ExitCode;

    /// <summary>pppd's log up to that moment.</summary>
    public string Log => Result.Output;

    /// <summary>The interface in the VM, as ppp0.</summary>
    public string Interface => First(UsingInterface());

    public string LocalAddress => First(LocalAddressLine());

    public string RemoteAddress => First(RemoteAddressLine());

    /// <summary>The form of MPPE, as <c>128-bit stateless</c>; empty when there is none.</summary>
    public string Encoding => First(EncodingLine());

    public bool Encrypted => Encoding == "128-bit stateless";

    /// <summary>Fails the test, with pppd's log and the server's, unless the link came up.</summary>
    public Call MustBeUp(ServerProcess server)
    {
        Assert.That(ExitCode, Is.Zero, $"pppd could not dial in.\n{Result}\n{server.Report()}");
        return this;
    }

    public CommandResult HangUp() => Lab.HangUp(Link);

    public string LogNow() => Lab.PppdLog(Link);

    public Ping Ping(string address, int count, int bytes, double interval = 0.01) =>
        Harness.Ping.FromVm(Interface, address, count, bytes, interval);

    private string First(Regex pattern) => pattern.Match(Log) is { Success: true } match ? match.Groups[1].Value : "";

    [GeneratedRegex("Using interface (ppp[0-9]+)")]
    private static partial Regex UsingInterface();

    [GeneratedRegex("local  IP address ([0-9.]+)")]
    private static partial Regex LocalAddressLine();

    [GeneratedRegex("MPPE ([0-9]+-bit state(?:less|ful)) compression enabled")]
    private static partial Regex EncodingLine();

    [GeneratedRegex("remote IP address ([0-9.]+)")]
    private static partial Regex RemoteAddressLine();
}

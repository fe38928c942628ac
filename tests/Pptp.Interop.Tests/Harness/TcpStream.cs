using System.Text.Json;

namespace Pptp.Interop.Tests.Harness;

/// <summary>A TCP stream through a tunnel, as iperf3 in the VM measured it.</summary>
/// <param name="Seconds">How long it ran.</param>
/// <param name="Megabits">Received, each second.</param>
/// <param name="Retransmits">Of the sender.</param>
/// <param name="SecondsWithoutData">Whole seconds in which nothing came.</param>
/// <param name="Report">iperf3's own.</param>
internal sealed record TcpStream(
    double Seconds,
    double Megabits,
    int Retransmits,
    int SecondsWithoutData,
    string Report)
{
    public const int DefaultPort = 5201;

    /// <summary>Runs a stream of a call to its end; fails the test when iperf3 reports an error.</summary>
    public static TcpStream Run(Call call, string address, int seconds, bool toClient, int port = DefaultPort) =>
        Run(call.LocalAddress, address, seconds, toClient, port);

    /// <summary>The same between two addresses of a tunnel.</summary>
    /// <param name="vmAddress">The VM's.</param>
    /// <param name="address">That of iperf3's server.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="toVm">Else from it.</param>
    /// <param name="port">The server's.</param>
    public static TcpStream Run(string vmAddress, string address, int seconds, bool toVm, int port = DefaultPort)
    {
        string reverse = toVm ? " -R" : "";
        CommandResult result = Lab.InVm(
            $"iperf3 -c {address} -p {port} -B {vmAddress} -t {seconds} -J{reverse}",
            TimeSpan.FromSeconds(seconds + 60));
        result.MustSucceed();

        using JsonDocument report = JsonDocument.Parse(result.Output);
        JsonElement end = report.RootElement.GetProperty("end");
        JsonElement received = end.GetProperty("sum_received");
        int silent = report.RootElement.GetProperty("intervals").EnumerateArray()
            .Count(interval => interval.GetProperty("sum").GetProperty("bytes").GetInt64() == 0);
        return new TcpStream(
            received.GetProperty("seconds").GetDouble(),
            received.GetProperty("bits_per_second").GetDouble() / 1e6,
            end.GetProperty("sum_sent").GetProperty("retransmits").GetInt32(),
            silent,
            result.Output);
    }

    public override string ToString() => $"{Megabits:0.0} Mbit/s for {Seconds:0} s, {Retransmits} retransmits";
}

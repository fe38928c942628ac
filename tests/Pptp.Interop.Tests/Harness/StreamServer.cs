using System.Diagnostics;

namespace Pptp.Interop.Tests.Harness;

/// <summary>iperf3's server in the server's namespace.</summary>
internal sealed class StreamServer : IDisposable
{
    private readonly Process _process;

    private StreamServer(Process process) => _process = process;

    /// <param name="port">One server serves one stream at a time: two streams, two ports.</param>
    public static StreamServer Start(int port = TcpStream.DefaultPort)
    {
        ProcessStartInfo start = new("ip") { RedirectStandardOutput = true };
        foreach (string argument in (string[])
            ["netns", "exec", Lab.Namespace, "iperf3", "-s", "--forceflush", "-p", $"{port}"])
        {
            start.ArgumentList.Add(argument);
        }

        LogWatch log = new();
        Process process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                log.End();
            }
            else
            {
                log.Add(line.Data);
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        log.WaitFor("Server listening", TimeSpan.FromSeconds(10));
        return new StreamServer(process);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

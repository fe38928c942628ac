using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Text;

namespace Pptp.Interop.Tests.Harness;

/// <summary>tcpdump on the server's side of the wire: all GRE, and TCP port 1723.</summary>
internal sealed class Capture : IDisposable
{
    private const int GreProtocol = 47;
    private const int TcpProtocol = 6;

    private readonly Process _tcpdump;
    private readonly string _file;
    private byte[] _octets = [];

    private Capture(Process tcpdump, string file)
    {
        _tcpdump = tcpdump;
        _file = file;
    }

    public IReadOnlyList<PppFrame> Frames { get; private set; } = [];

    public IReadOnlyList<ControlSegment> ControlSegments { get; private set; } = [];

    public static Capture Start()
    {
        string file = Path.GetTempFileName();
        ProcessStartInfo start = new("ip") { RedirectStandardError = true };
        foreach (string argument in (string[])
            [
                "netns", "exec", Lab.Namespace,
                "tcpdump", "-i", Lab.ServerLink, "-n", "-U", "--immediate-mode", "-Z", "root", "-w", file,
                "ip proto 47 or tcp port 1723",
            ])
        {
            start.ArgumentList.Add(argument);
        }

        LogWatch log = new();
        Process process = new() { StartInfo = start };
        process.ErrorDataReceived += (_, line) =>
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
        process.BeginErrorReadLine();
        log.WaitFor("listening on", TimeSpan.FromSeconds(10));
        return new Capture(process, file);
    }

    /// <summary>Ends the capture and reads it.</summary>
    public IReadOnlyList<PppFrame> Stop()
    {
        Command.Run("kill", ["-INT", $"{_tcpdump.Id}"]).MustSucceed();
        _tcpdump.WaitForExit();
        _octets = File.ReadAllBytes(_file);
        Read(_octets);
        return Frames;
    }

    /// <summary>Whether a text is anywhere in what was captured.</summary>
    public bool Contains(string text) => _octets.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    public void Dispose()
    {
        if (!_tcpdump.HasExited)
        {
            _tcpdump.Kill();
            _tcpdump.WaitForExit();
        }

        _tcpdump.Dispose();
        File.Delete(_file);
    }

    /// <summary>The classic pcap format: a header of 24 bytes, then records of 16 bytes and a packet each.</summary>
    private void Read(ReadOnlySpan<byte> pcap)
    {
        IPAddress server = IPAddress.Parse(Lab.ServerAddress);
        List<PppFrame> frames = [];
        List<ControlSegment> segments = [];
        for (int at = 24; at + 16 <= pcap.Length;)
        {
            uint seconds = BinaryPrimitives.ReadUInt32LittleEndian(pcap[at..]);
            uint microseconds = BinaryPrimitives.ReadUInt32LittleEndian(pcap[(at + 4)..]);
            int length = BinaryPrimitives.ReadInt32LittleEndian(pcap[(at + 8)..]);
            ReadOnlySpan<byte> ip = pcap.Slice(at + 16, length)[14..];
            at += 16 + length;

            TimeSpan time = TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds);
            bool fromServer = new IPAddress(ip.Slice(12, 4)).Equals(server);
            ReadOnlySpan<byte> payload = ip[((ip[0] & 0x0F) * 4)..BinaryPrimitives.ReadUInt16BigEndian(ip[2..])];
            if (ip[9] == GreProtocol && PppFrame.Parse(time, fromServer, payload) is { } frame)
            {
                frames.Add(frame);
            }
            else if (ip[9] == TcpProtocol && ControlSegment.Parse(time, fromServer, payload) is { } segment)
            {
                segments.Add(segment);
            }
        }

        Frames = frames;
        ControlSegments = segments;
    }
}

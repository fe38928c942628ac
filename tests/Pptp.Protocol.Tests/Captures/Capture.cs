using System.Globalization;
using Pptp.Protocol.Tests.Control;

namespace Pptp.Protocol.Tests.Captures;

/// <summary>
/// A whole dial as it was on the wire. Each line is a packet: seconds, who sent it, tcp or gre, and its bytes; a line
/// without a time goes on with the one before.
/// </summary>
internal sealed class Capture
{
    private readonly string _name;

    public Capture(string name, string text)
    {
        _name = name;
        List<string> lines = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == ' ')
                lines[^1] += line;
            else
                lines.Add(line);
        }
        Packets = [.. lines.Select(Read)];
    }

    public IReadOnlyList<CapturedPacket> Packets { get; }

    public IEnumerable<CapturedPacket> ClientControl => Packets.Where(p => p.IsControl && !p.FromServer);

    public IEnumerable<CapturedPacket> ClientGre => Packets.Where(p => !p.IsControl && !p.FromServer);

    public IEnumerable<CapturedPacket> ServerGre => Packets.Where(p => !p.IsControl && p.FromServer);

    /// <summary>For the names of tests.</summary>
    public override string ToString() => _name;

    private static CapturedPacket Read(string line)
    {
        string[] words = line.Split(' ', 4, StringSplitOptions.RemoveEmptyEntries);
        return new CapturedPacket(
            TimeSpan.FromSeconds(double.Parse(words[0], CultureInfo.InvariantCulture)),
            words[1] == "server",
            words[2] == "tcp",
            words[3] == "end" ? [] : ControlBytes.Parse(words[3]));
    }
}

namespace Pptp.Protocol.Tests.Captures;

/// <summary>Draws what the server drew when the capture was made, as far as its packets show it.</summary>
internal sealed class CapturedRandom : IRandomSource
{
    private readonly Dictionary<int, Queue<byte[]>> _draws = [];

    public CapturedRandom(Capture capture)
    {
        // Identifiers are counted up before their first use.
        foreach (string request in (string[])["FF03 C021 01", "FF03 C223 01", "FF03 80FD 01", "FF03 8021 01"])
            Add([(byte)(First(capture, request)[5] - 1)]);
        // LCP: code, identifier, length, MRU, authentication protocol, then the magic number.
        Add(First(capture, "FF03 C021 01")[19..23]);
        Add(First(capture, "FF03 C223 01")[9..25]);
    }

    /// <summary>Zeros for what was drawn and never sent: the magic number of an LCP that ended.</summary>
    public void Fill(Span<byte> destination)
    {
        destination.Clear();
        if (_draws[destination.Length].TryDequeue(out byte[]? drawn))
            drawn.CopyTo(destination);
    }

    private static byte[] First(Capture capture, string start) =>
        capture.ServerGre.First(packet => packet.IsFrame(start)).Frame;

    private void Add(byte[] draw)
    {
        _draws.TryAdd(draw.Length, new Queue<byte[]>());
        _draws[draw.Length].Enqueue(draw);
    }
}

namespace Pptp.Protocol.Tests.Control;

/// <summary>01 02 03 ...</summary>
internal sealed class CountingRandom : IRandomSource
{
    private byte _next = 1;

    public void Fill(Span<byte> destination)
    {
        foreach (ref byte b in destination)
            b = _next++;
    }
}

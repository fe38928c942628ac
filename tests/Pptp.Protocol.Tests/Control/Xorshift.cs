namespace Pptp.Protocol.Tests.Control;

/// <summary>Marsaglia's xorshift64: a generator of our own, so that a seed means the same on every runtime.</summary>
internal sealed class Xorshift(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 | 1;

    public ulong Next()
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return _state;
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Next(int bound) => (int)(Next() >> 33) % bound;

    public void Fill(Span<byte> bytes)
    {
        foreach (ref byte b in bytes)
            b = (byte)(Next() >> 24);
    }
}

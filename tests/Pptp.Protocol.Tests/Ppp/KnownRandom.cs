namespace Pptp.Protocol.Tests.Ppp;

/// <summary>
/// A known sequence: single octets (first identifiers) are zero, so that the first request is number 1; fours (magic
/// numbers) are A1B2C3D4, A1B2C3D5, ...; sixteens (challenges) as given.
/// </summary>
internal sealed class KnownRandom(byte[]? challenge = null) : IRandomSource
{
    private byte _magics;

    public void Fill(Span<byte> destination)
    {
        destination.Clear();
        if (destination.Length == 4)
        {
            new byte[] { 0xA1, 0xB2, 0xC3, (byte)(0xD4 + _magics++) }.CopyTo(destination);
        }
        else if (destination.Length == 16 && challenge is not null)
        {
            challenge.CopyTo(destination);
        }
    }
}

namespace Pptp.Protocol;

/// <summary>
/// Where challenges, magic numbers and identifiers come from. Production hands in the system's
/// cryptographic generator, tests a known sequence.
/// </summary>
public interface IRandomSource
{
    /// <summary>Fills all of <paramref name="destination"/> with random bytes.</summary>
    void Fill(Span<byte> destination);
}

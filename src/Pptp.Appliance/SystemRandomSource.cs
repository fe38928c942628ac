using System.Security.Cryptography;
using Pptp.Protocol;

namespace Pptp.Appliance;

/// <summary>The system's cryptographic generator, for challenges, magic numbers and identifiers.</summary>
public sealed class SystemRandomSource : IRandomSource
{
    public static SystemRandomSource Instance { get; } = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}

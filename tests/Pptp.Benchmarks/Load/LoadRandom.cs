using System.Security.Cryptography;
using Pptp.Protocol;

namespace Pptp.Benchmarks.Load;

/// <summary>Challenges and magic numbers.</summary>
internal sealed class LoadRandom : IRandomSource
{
    public static LoadRandom Instance { get; } = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}

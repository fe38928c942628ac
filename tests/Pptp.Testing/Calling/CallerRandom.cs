using System.Security.Cryptography;
using Pptp.Protocol;

namespace Pptp.Testing.Calling;

internal sealed class CallerRandom : IRandomSource
{
    public static CallerRandom Instance { get; } = new();

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}

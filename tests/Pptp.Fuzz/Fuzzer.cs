using System.Buffers.Binary;
using System.Diagnostics;

namespace Pptp.Fuzz;

/// <summary>Spoils good input in many ways and looks whether what reads it bears that.</summary>
/// <param name="target">Throws where it should not.</param>
/// <param name="seeds">Good input.</param>
/// <param name="seed">The same gives the same run.</param>
public sealed class Fuzzer(Action<byte[]> target, IReadOnlyList<byte[]> seeds, int seed)
{
    /// <summary>Lengths and counts that stand at an edge.</summary>
    private static readonly byte[] Edges = [0, 1, 2, 3, 4, 5, 6, 7, 16, 18, 20, 127, 128, 253, 254, 255];

    private readonly Random _random = new(seed);

    /// <summary>Inputs tried so far.</summary>
    public long Tried { get; private set; }

    /// <summary>Goes on until something is found or the time is up.</summary>
    /// <returns>Null: nothing was found.</returns>
    public Finding? Run(TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < limit)
        {
            for (int i = 0; i < 1000; i++)
            {
                byte[] input = Spoil(seeds[_random.Next(seeds.Count)]);
                Tried++;
                try
                {
                    target([.. input]);
                }
                catch (Exception e)
                {
                    return new Finding(input, e);
                }
            }
        }
        return null;
    }

    private byte[] Spoil(byte[] good)
    {
        List<byte> bytes = [.. good];
        for (int times = _random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            int at = _random.Next(bytes.Count);
            switch (_random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    bytes[at] = Edges[_random.Next(Edges.Length)];
                    break;
                case 2:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 3:
                    bytes.RemoveRange(at, _random.Next(bytes.Count - at) + 1);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, _random.Next(64))));
                    break;
                case 5:
                    byte[] other = seeds[_random.Next(seeds.Count)];
                    bytes.InsertRange(at, other.Skip(_random.Next(other.Length)));
                    break;
                default:
                    bytes.AddRange(new byte[_random.Next(32)]);
                    break;
            }
        }
        // A length that is right lets more of what follows be read.
        byte[] spoilt = [.. bytes];
        if (spoilt.Length >= 4 && _random.Next(4) != 0)
            BinaryPrimitives.WriteUInt16BigEndian(spoilt.AsSpan(2), (ushort)spoilt.Length);
        return spoilt;
    }
}

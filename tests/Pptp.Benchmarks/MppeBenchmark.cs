using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Pptp.Protocol.Mppe;
using Pptp.Testing.Traffic;

namespace Pptp.Benchmarks;

/// <summary>
/// What MPPE-128 stateless costs for one packet, against libcrypto's RC4() of the same octets. The measurements take
/// turns in rounds, so that what disturbs the machine disturbs all of them, and the ratio is taken in each round.
/// </summary>
internal static class MppeBenchmark
{
    private const int PacketsPerRound = 2000;
    private const int WarmUpRounds = 3;

    private static readonly int[] Sizes = [1400, 64];

    public static void Run(Report report, int rounds)
    {
        using LibCrypto? library = LibCrypto.TryLoad();
        if (library is null)
            report.AddAbsence("RC4() of libcrypto, and with it the ratios: there is no libcrypto with RC4 here");
        else
            report.AddCondition("libcrypto", library.Name);
        foreach (int size in Sizes)
            Run(report, library, size, rounds);
    }

    private static void Run(Report report, LibCrypto? library, int size, int rounds)
    {
        Console.Error.WriteLine($"MPPE, {size} octets ...");
        byte[] plain = CreatePacket(size);
        byte[] key = RandomNumberGenerator.GetBytes(16);
        using MppeEncryptor encryptor = new(key, MppeStrength.Bits128, stateless: true);
        using MppeEncryptor source = new(key, MppeStrength.Bits128, stateless: true);
        using MppeDecryptor decryptor = new(key, MppeStrength.Bits128, stateless: true);
        int sealedSize = size + MppeEncryptor.Overhead;
        byte[] destination = new byte[sealedSize];
        byte[] encrypted = new byte[sealedSize * PacketsPerRound];

        // The decryptor's keys go on from packet to packet, so it needs new ones each round.
        Measurement encrypt = new("MPPE encrypt", () => Encrypt(encryptor, plain, destination));
        Measurement decrypt = new("MPPE decrypt", () => Decrypt(decryptor, encrypted, destination))
        {
            Prepare = () => EncryptAll(source, plain, encrypted),
        };
        List<Measurement> measurements = [encrypt, decrypt];
        if (library is not null)
        {
            library.SetKey(key);
            measurements.Add(new Measurement("RC4()", () => Transform(library, plain, destination)));
            measurements.Add(new Measurement(
                "RC4_set_key() and RC4()", () => SetKeyAndTransform(library, key, plain, destination)));
        }

        double[][] nanoseconds = Measure(measurements, rounds);
        string group = string.Create(
            CultureInfo.InvariantCulture, $"MPPE-128 stateless, {size} octets (median of {rounds} rounds)");
        for (int i = 0; i < measurements.Count; i++)
            report.Add(group, measurements[i].Name, Samples.Median(nanoseconds[i]), "ns a packet");
        if (library is null)
            return;
        int yardstick = measurements.FindIndex(measurement => measurement.Name == "RC4()");
        foreach (int i in (int[])[0, 1])
        {
            IEnumerable<double> ratios = nanoseconds[i].Zip(nanoseconds[yardstick], (ours, theirs) => ours / theirs);
            report.Add(group, $"{measurements[i].Name} / RC4()", Samples.Median(ratios), "x");
        }
    }

    /// <returns>Nanoseconds a packet: by measurement, then by round.</returns>
    private static double[][] Measure(List<Measurement> measurements, int rounds)
    {
        double[][] nanoseconds = [.. measurements.Select(_ => new double[rounds])];
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            for (int turn = 0; turn < measurements.Count; turn++)
            {
                // Another one begins each round, so that none always follows the same.
                int i = (turn + round + WarmUpRounds) % measurements.Count;
                measurements[i].Prepare();
                long start = Stopwatch.GetTimestamp();
                measurements[i].Run();
                double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                if (round >= 0)
                    nanoseconds[i][round] = elapsed / PacketsPerRound;
            }
        }

        return nanoseconds;
    }

    /// <summary>What is encrypted of a UDP packet: its PPP protocol number, then the packet, together so long.</summary>
    private static byte[] CreatePacket(int size)
    {
        byte[] payload = RandomNumberGenerator.GetBytes(size - 2 - 28);
        IPAddress client = new([10, 0, 0, 5]);
        IPAddress server = new([10, 0, 0, 1]);
        return [0x00, 0x21, .. Ipv4Packet.CreateUdp(client, server, 5, 7, payload)];
    }

    private static void Encrypt(MppeEncryptor encryptor, byte[] plain, byte[] destination)
    {
        for (int i = 0; i < PacketsPerRound; i++)
            encryptor.Encrypt(plain, destination);
    }

    private static void EncryptAll(MppeEncryptor encryptor, byte[] plain, byte[] destination)
    {
        int size = destination.Length / PacketsPerRound;
        for (int i = 0; i < PacketsPerRound; i++)
            encryptor.Encrypt(plain, destination.AsSpan(i * size, size));
    }

    private static void Decrypt(MppeDecryptor decryptor, byte[] encrypted, byte[] destination)
    {
        int size = encrypted.Length / PacketsPerRound;
        for (int i = 0; i < PacketsPerRound; i++)
        {
            MppeDecryptResult result = decryptor.Decrypt(encrypted.AsSpan(i * size, size), destination, out _);
            if (result != MppeDecryptResult.Ok)
                throw new InvalidOperationException($"what was encrypted does not decrypt: {result}");
        }
    }

    private static void Transform(LibCrypto library, byte[] plain, byte[] destination)
    {
        for (int i = 0; i < PacketsPerRound; i++)
            library.Transform(plain, destination);
    }

    private static void SetKeyAndTransform(LibCrypto library, byte[] key, byte[] plain, byte[] destination)
    {
        for (int i = 0; i < PacketsPerRound; i++)
        {
            library.SetKey(key);
            library.Transform(plain, destination);
        }
    }

    /// <summary>One of those that take turns; only <see cref="Run"/> is timed.</summary>
    private sealed record Measurement(string Name, Action Run)
    {
        public Action Prepare { get; init; } = static () => { };
    }
}

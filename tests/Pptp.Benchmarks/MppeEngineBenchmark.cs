using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Pptp.Appliance.DataPlane.Mppe;
using Pptp.Protocol.Mppe;

namespace Pptp.Benchmarks;

/// <summary>Rows 1 to 3: the engine that the workers use, beside libcrypto. All take turns, and ratios are of one round.</summary>
internal static unsafe class MppeEngineBenchmark
{
    private const int PacketsPerRound = 2048;
    private const int WarmUpRounds = 3;
    private const int Large = 1400;
    private const int Small = 64;

    public static void Run(Report report, int rounds)
    {
        using LibCrypto? library = LibCrypto.TryLoad();
        if (library is null)
        {
            report.AddAbsence("rows 1 and 2: there is no libcrypto with RC4 and SHA1_Transform here");
            return;
        }
        Console.Error.WriteLine("MPPE engine ...");
        byte[] memory = GC.AllocateArray<byte>(MppeEngine.Capacity * 2304, pinned: true);
        RandomNumberGenerator.Fill(memory);
        byte[] key = RandomNumberGenerator.GetBytes(16);
        PlainMppe plain = new(key);
        byte[] sealedPacket = new byte[Large + 2];
        using MppeEngine engine = new();
        Session[] four = [.. Enumerable.Range(0, 4).Select(_ => new Session())];
        library.SetKey(key);

        (string Name, Action Run)[] measurements =
        [
            ("RC4() of 1400 B", () => Repeat(() => library.Transform(memory.AsSpan(0, Large), sealedPacket))),
            ("2 RC4_set_key + 2 SHA1_Transform", () => Repeat(() =>
            {
                library.SetKey(key);
                library.SetKey(key);
                library.Compress(memory);
                library.Compress(memory);
            })),
            ("engine, 1400 B, batches of 64", () => Batches(engine, memory, Large, four[..1], 64)),
            ("engine, 1400 B, batches of 4", () => Batches(engine, memory, Large, four[..1], 4)),
            ("engine, 1400 B, one at a time", () => Batches(engine, memory, Large, four[..1], 1)),
            ("engine, 64 B, batches of 64", () => Batches(engine, memory, Small, four[..1], 64)),
            ("engine, 1400 B, 4 sessions with one packet each", () => Batches(engine, memory, Large, four, 4)),
            ("engine, 64 B, 4 sessions with one packet each", () => Batches(engine, memory, Small, four, 4)),
            ("plain MPPE, 1400 B", () => Repeat(() => plain.Encrypt(memory.AsSpan(0, Large), sealedPacket))),
        ];
        double[][] times = [.. measurements.Select(_ => new double[rounds])];
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            for (int turn = 0; turn < measurements.Length; turn++)
            {
                int i = (turn + round + WarmUpRounds) % measurements.Length;
                long start = Stopwatch.GetTimestamp();
                measurements[i].Run();
                if (round >= 0)
                    times[i][round] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / PacketsPerRound;
            }
        }
        string group = string.Create(CultureInfo.InvariantCulture, $"MPPE-128 stateless in batches (median of {rounds} rounds)");
        for (int i = 0; i < measurements.Length; i++)
            report.Add(group, measurements[i].Name, Samples.Median(times[i]), "ns a packet");
        report.Add(group, "plain MPPE / RC4()", Samples.Median(Ratios(times[8], times[0])), "x");
        report.AddRow(1, Ratios(times[2], times[0]), "batches of 64");
        report.AddRow(1, Ratios(times[3], times[0]), "batches of 4");
        report.AddRow(2, Ratios(times[5], times[1]), "batches of 64");
        report.AddRow(3, Ratios(times[6], times[3]), "1400 B");
    }

    private static double[] Ratios(double[] ours, double[] theirs) => [.. ours.Zip(theirs, (a, b) => a / b)];

    private static void Repeat(Action action)
    {
        for (int i = 0; i < PacketsPerRound; i++)
            action();
    }

    private static void Batches(MppeEngine engine, byte[] memory, int length, Session[] sessions, int size)
    {
        fixed (byte* octets = memory)
        {
            for (int done = 0; done < PacketsPerRound; done += size)
            {
                for (int i = 0; i < size; i++)
                {
                    Session session = sessions[i % sessions.Length];
                    byte* packet = octets + (i * 2304);
                    engine.Add(ref session.Ticket, session.Encryptor, packet, packet, length);
                }
                engine.Run(moveKeys: true);
            }
        }
    }

    private sealed class Session
    {
        public MppeEncryptor Encryptor { get; } =
            new(RandomNumberGenerator.GetBytes(16), MppeStrength.Bits128, stateless: true);

        public MppeTicket Ticket;
    }
}

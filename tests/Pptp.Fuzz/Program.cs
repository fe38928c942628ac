using System.Diagnostics;
using System.Globalization;
using Pptp.Fuzz;

const string Usage = """
    usage: Pptp.Fuzz [SECONDS [SEED]]

    Spoils RADIUS packets and has them read; 60 seconds if not said otherwise. Ends with 0 when all went well, with 1
    and the input when something was not borne.
    """;

int seconds = 60;
int seed = Environment.TickCount;
if (args.Length > 2
    || (args.Length > 0 && !int.TryParse(args[0], CultureInfo.InvariantCulture, out seconds))
    || (args.Length > 1 && !int.TryParse(args[1], CultureInfo.InvariantCulture, out seed)))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

Fuzzer fuzzer = new(RadiusTarget.Run, RadiusSeeds.All, seed);
long start = Stopwatch.GetTimestamp();
Finding? finding = fuzzer.Run(TimeSpan.FromSeconds(seconds));
double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"seed {seed}: {fuzzer.Tried} packets in {took:0.0} s, {fuzzer.Tried / took:0} a second"));
if (finding is null)
    return 0;
Console.WriteLine(finding);
return 1;

using System.Globalization;
using Pptp.Benchmarks;
using Pptp.Benchmarks.DataPlane;
using Pptp.Benchmarks.Load;
using Pptp.Benchmarks.Sessions;

const string Usage = """
    usage: Pptp.Benchmarks [--mppe] [--data-plane [--quick] [--only PART]] [--sessions] [--tunnels] [--radius] [--count N] [--rounds N] [--json FILE]
           Pptp.Benchmarks load ...     many tunnels against any PPTP server; "load --help" tells more

      --mppe      only the cost of MPPE per packet
      --data-plane   only traffic through tunnels: throughput, cost, latency (needs root)
      --quick     of it the long run in seconds instead of a minute
      --only      one part of it: bulk, small, ping, many, flood or sockets
      --sessions  only ten thousand sessions: set-up, memory, tear-down, and the daemon's start (needs root)
      --tunnels   only tunnels against a running pptpd (needs root)
      --radius    only RADIUS: requests on loopback, interim updates, and logins (those need root)
      --count     tunnels that are up at once, 1 to 60000; if not given, 10000 of --sessions and 500 else
      --rounds    interleaved rounds of each measurement; if not given, 31 of MPPE and 5 of traffic
      --json      where the figures go besides the screen; artifacts/benchmarks.json if not given

    PPTPD_BINARY names the pptpd to measure; without it, it is the one that was built together with this program.
    """;

if (args is [Forwarder.Command, .. { Length: 5 } ends])
    return Forwarder.Run(ends);
if (args is ["load", .. string[] asked])
    return LoadCommand.Run(asked);

bool mppe = false;
bool dataPlane = false;
bool quick = false;
string only = "";
bool sessions = false;
bool tunnels = false;
bool radius = false;
int count = 0;
int rounds = 0;
string json = Path.Combine("artifacts", "benchmarks.json");
for (int i = 0; i < args.Length; i++)
{
    string value = i + 1 < args.Length ? args[i + 1] : "";
    bool isGood = true;
    switch (args[i])
    {
        case "--mppe":
            mppe = true;
            break;
        case "--data-plane":
            dataPlane = true;
            break;
        case "--quick":
            quick = true;
            break;
        case "--only":
            only = value;
            isGood = DataPlaneBenchmark.Parts.Contains(value);
            i++;
            break;
        case "--sessions":
            sessions = true;
            break;
        case "--tunnels":
            tunnels = true;
            break;
        case "--radius":
            radius = true;
            break;
        case "--count":
            isGood = int.TryParse(value, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= 60_000;
            i++;
            break;
        case "--rounds":
            isGood = int.TryParse(value, CultureInfo.InvariantCulture, out rounds) && rounds >= 1;
            i++;
            break;
        case "--json":
            json = value;
            isGood = value.Length > 0;
            i++;
            break;
        default:
            isGood = false;
            break;
    }

    if (!isGood)
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }
}

Report report = new();
bool all = !mppe && !dataPlane && !sessions && !tunnels && !radius;
if (mppe || all)
{
    MppeBenchmark.Run(report, rounds > 0 ? rounds : 31);
    MppeEngineBenchmark.Run(report, rounds > 0 ? rounds : 31);
}
if (dataPlane || all)
    DataPlaneBenchmark.Run(report, rounds > 0 ? rounds : 5, quick, only);
if (sessions || all)
    SessionsBenchmark.Run(report, count > 0 ? count : 10_000);
if (tunnels || all)
    await TunnelBenchmark.RunAsync(report, count > 0 ? count : 500);
if (radius || all)
    await RadiusBenchmark.RunAsync(report, count > 0 ? count : 500);
report.Print(Console.Out);
report.WriteJson(json);
Console.WriteLine($"written to {Path.GetFullPath(json)}");
return 0;

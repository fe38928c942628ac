using System.Globalization;
using System.Net;
using Pptp.Protocol.Ppp;

namespace Pptp.Benchmarks.Load;

/// <summary>What the load generator is asked to do.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        usage: Pptp.Benchmarks load (--server ADDRESS[:PORT] | --own) [option ...]

        Dials a PPTP server, ours or any other, from one process and one address, holds the tunnels, hangs up, and
        tells how long each took to come up, what failed and why, and what the tunnels carried. Needs root (GRE), and
        makes no interface: what a tunnel brings is counted here.

          --server ADDRESS[:PORT]  the server to dial; port 1723 if not given
          --own                    start our own pptpd in a network namespace, with users of its own, and dial that
                                   (PPTPD_BINARY names it)
          --from ADDRESS           the address to dial from
          --count N                tunnels, 1 to 60000; 100 if not given
          --rate R                 tunnels begun a second; 50 if not given
          --per-connection N       calls on each control connection; 1 if not given
          --user PATTERN           the user's name, {0} being the number of the tunnel from 0; u{0} if not given
          --password PATTERN       likewise; the same as the name if not given
          --methods LIST           of mschap2, mschap1, chap and pap, strongest first; mschap2 if not given
          --encryption WORD        required, yes or no; required if not given
          --stateful               also take MPPE with 128 bits that is not stateless
          --timeout SECONDS        for one tunnel to come up; 60 if not given
          --hold SECONDS           how long all stay up, or carry traffic; 5 if not given
          --traffic KIND           none, echo (to the server's end of each tunnel and back: ICMP) or pairs (UDP from
                                   each tunnel into its neighbour, which the server has to forward); none if not given
          --packets R              packets a second from each tunnel; 10 if not given
          --size OCTETS            of an IP packet, 48 to 1400; 1000 if not given
          --json FILE              where the figures go besides the screen; artifacts/load.json if not given

        Ends with 0 when every tunnel came up and stayed up, with 1 when not, with 2 when asked wrongly.
        """;

    public IPEndPoint Server { get; init; } = new(IPAddress.None, 1723);

    public bool OwnServer { get; init; }

    public IPAddress? From { get; init; }

    public int Count { get; init; } = 100;

    public double Rate { get; init; } = 50;

    public int PerConnection { get; init; } = 1;

    public string User { get; init; } = "u{0}";

    public string? Password { get; init; }

    public IReadOnlyList<AuthenticationMethod> Methods { get; init; } = [AuthenticationMethod.MsChapV2];

    public EncryptionPolicy Encryption { get; init; } = EncryptionPolicy.Required;

    public MppeOffer Mppe { get; init; } = MppeOffer.Strongest;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(5);

    public TrafficKind Traffic { get; init; }

    public double PacketRate { get; init; } = 10;

    public int PacketSize { get; init; } = 1000;

    public string Json { get; init; } = Path.Combine("artifacts", "load.json");

    public string UserOf(int tunnel) => Fill(User, tunnel);

    public string PasswordOf(int tunnel) => Fill(Password ?? User, tunnel);

    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static LoadOptions? Parse(ReadOnlySpan<string> arguments)
    {
        LoadOptions options = new();
        bool hasServer = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            if (name is "--own" or "--stateful")
            {
                options = name == "--own"
                    ? options with { OwnServer = true }
                    : options with { Mppe = MppeOffer.Strongest | MppeOffer.Stateful128 };
                continue;
            }
            if (++i == arguments.Length || options.With(name, arguments[i]) is not { } next) return null;
            hasServer |= name == "--server";
            options = next;
        }
        return hasServer != options.OwnServer ? options : null;
    }

    private static string Fill(string pattern, int tunnel) =>
        pattern.Replace("{0}", tunnel.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static AuthenticationMethod? MethodOf(string word) => word switch
    {
        "mschap2" => AuthenticationMethod.MsChapV2,
        "mschap1" => AuthenticationMethod.MsChapV1,
        "chap" => AuthenticationMethod.ChapMd5,
        "pap" => AuthenticationMethod.Pap,
        _ => null,
    };

    private static bool IsNumber(string text, double least, double most, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && number >= least && number <= most;

    private LoadOptions? With(string name, string value)
    {
        double number;
        switch (name)
        {
            case "--server":
                return IPEndPoint.TryParse(value, out IPEndPoint? server)
                    ? this with { Server = server.Port == 0 ? new IPEndPoint(server.Address, 1723) : server }
                    : null;
            case "--from":
                return IPAddress.TryParse(value, out IPAddress? from) ? this with { From = from } : null;
            case "--count":
                return IsNumber(value, 1, 60_000, out number) ? this with { Count = (int)number } : null;
            case "--rate":
                return IsNumber(value, 0.1, 100_000, out number) ? this with { Rate = number } : null;
            case "--per-connection":
                return IsNumber(value, 1, 60_000, out number) ? this with { PerConnection = (int)number } : null;
            case "--user":
                return this with { User = value };
            case "--password":
                return this with { Password = value };
            case "--methods":
                AuthenticationMethod?[] methods = [.. value.Split(',').Select(MethodOf)];
                return methods.All(method => method is not null)
                    ? this with { Methods = [.. methods.OfType<AuthenticationMethod>()] }
                    : null;
            case "--encryption":
                return value switch
                {
                    "required" => this with { Encryption = EncryptionPolicy.Required },
                    "yes" => this with { Encryption = EncryptionPolicy.Yes },
                    "no" => this with { Encryption = EncryptionPolicy.No },
                    _ => null,
                };
            case "--timeout":
                return IsNumber(value, 1, 3600, out number)
                    ? this with { Timeout = TimeSpan.FromSeconds(number) }
                    : null;
            case "--hold":
                return IsNumber(value, 0, 86_400, out number)
                    ? this with { Hold = TimeSpan.FromSeconds(number) }
                    : null;
            case "--traffic":
                return value switch
                {
                    "none" => this with { Traffic = TrafficKind.None },
                    "echo" => this with { Traffic = TrafficKind.Echo },
                    "pairs" => this with { Traffic = TrafficKind.Pairs },
                    _ => null,
                };
            case "--packets":
                return IsNumber(value, 0.01, 1_000_000, out number) ? this with { PacketRate = number } : null;
            case "--size":
                return IsNumber(value, TrafficPacket.SmallestSize, 1400, out number)
                    ? this with { PacketSize = (int)number }
                    : null;
            case "--json":
                return this with { Json = value };
            default:
                return null;
        }
    }
}

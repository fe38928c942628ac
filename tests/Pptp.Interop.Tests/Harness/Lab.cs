namespace Pptp.Interop.Tests.Harness;

/// <summary>
/// The lab of tests/lab, driven by its own scripts: a namespace where the server under test runs, and a VM with
/// Debian's pppd and pptp-linux in it. One lab serves all tests of a run.
/// </summary>
internal static class Lab
{
    public const string ServerAddress = "192.168.51.1";
    public const string ClientAddress = "192.168.51.3";

    /// <summary>The server's side of the wire to the VM.</summary>
    public const string ServerLink = "vm0";

    /// <summary>The folder of its scripts.</summary>
    public static readonly string Scripts = Path.Combine(Repository.Root, "tests", "lab");

    private static readonly string RunFolder = Path.Combine("/run/pptp-lab", Namespace);

    private static string[] OwnLinks = [];

    /// <summary>The namespace on this machine. PPTP_LAB_NETNS names another, so that labs can run side by side.</summary>
    public static string Namespace => Environment.GetEnvironmentVariable("PPTP_LAB_NETNS") is { Length: > 0 } name
        ? name
        : "pptp-test";

    /// <summary>Null where the lab can run, else what is in the way.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "the lab needs Linux";
        }

        CommandResult check = Script("check", []);
        return check.ExitCode == 0 ? null : check.Output;
    }

    public static void Up()
    {
        Script("down", []);
        // The first time, the image is built from packages that come over the network.
        Script("up", [], timeout: TimeSpan.FromMinutes(10)).MustSucceed();
        OwnLinks = [.. Links()];
    }

    public static void Down() => Script("down", []);

    /// <summary>Starts Debian's pptpd in the VM.</summary>
    public static void PeerUp(string password, IEnumerable<string> pppdOptions) => Script(
        "peer-up", pppdOptions, new Dictionary<string, string> { ["PPTP_LAB_PASSWORD"] = password }).MustSucceed();

    /// <summary>Ends it and its calls without a goodbye.</summary>
    public static void PeerDown() => Script("peer-down", []).MustSucceed();

    /// <summary>Ends every call and undoes what a test set up in the VM.</summary>
    public static void Reset() => Script("reset", []);

    /// <summary>A shell command in the VM.</summary>
    public static CommandResult InVm(string command, TimeSpan? timeout = null) =>
        Script("exec", [command], timeout: timeout);

    /// <summary>A program in the server's namespace.</summary>
    public static CommandResult InNamespace(params string[] command) =>
        Command.Run("ip", ["netns", "exec", Namespace, .. command]);

    public static Call Dial(string user, string password, params string[] pppdOptions) =>
        Dial(new DialSettings(), user, password, pppdOptions);

    public static Call Dial(DialSettings settings, string user, string password, params string[] pppdOptions)
    {
        Dictionary<string, string> environment = new()
        {
            ["PPTP_LAB_LINK"] = settings.Link,
            ["PPTP_LAB_TIMEOUT"] = settings.Timeout.TotalSeconds.ToString("0"),
            ["PPTP_LAB_OWN_CONNECTION"] = settings.OwnConnection ? "1" : "",
            ["PPTP_LAB_VMNS"] = settings.VmNamespace ?? "",
            ["PPTP_LAB_HOST"] = ServerAddress,
        };
        string dial = settings.KernelClient ? "dial-kernel" : "dial";
        CommandResult result = Script(dial, [user, password, .. pppdOptions], environment);
        return new Call(settings.Link, result);
    }

    public static CommandResult HangUp(string link) =>
        Script("hangup", [], new Dictionary<string, string> { ["PPTP_LAB_LINK"] = link });

    /// <summary>pppd's log of a link, as far as it has come.</summary>
    public static string PppdLog(string link) => InVm($"cat /tmp/ppp-{link}.log").Output;

    /// <summary>What can be told of the client's side after a failure: processes, connections, the ends of pppd's logs.</summary>
    public static string ClientReport() =>
        InVm("ps ax -o pid,ppid,etimes,args | grep -E 'ppp|pptp'; ss -tnp; tail -n 40 /tmp/ppp*.log /tmp/pptpd*.log").Output;

    /// <summary>The names of all network interfaces in the server's namespace, read without starting a program.</summary>
    public static IEnumerable<string> Links() =>
        File.ReadLines($"/proc/{VmProcess()}/net/dev").Skip(2).Select(line => line.Split(':')[0].Trim());

    /// <summary>What an interface of the server's namespace has counted: the fields of /proc/net/dev.</summary>
    public static string LinkCounters(string name) => File.ReadLines($"/proc/{VmProcess()}/net/dev")
        .Select(line => line.Split(':', 2))
        .First(line => line[0].Trim() == name)[1];

    /// <summary>Interfaces of the namespace that are not the lab's own.</summary>
    public static IReadOnlyList<string> TunnelInterfaces() => [.. Links().Except(OwnLinks)];

    public static bool HasInterface(string name) => Links().Contains(name);

    private static string VmProcess() => File.ReadAllText(Path.Combine(RunFolder, "vm.pid")).Trim();

    private static CommandResult Script(
        string name,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? timeout = null)
    {
        Dictionary<string, string> all = new(environment ?? new Dictionary<string, string>())
        {
            ["PPTP_LAB_NETNS"] = Namespace,
        };
        return Command.Run(Path.Combine(Lab.Scripts, name), arguments, all, timeout);
    }
}

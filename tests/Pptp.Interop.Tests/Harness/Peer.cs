namespace Pptp.Interop.Tests.Harness;

/// <summary>
/// Debian's pptpd and pppd in the VM, a server for our client to dial. It goes with the test (the lab's reset).
/// </summary>
internal static class Peer
{
    /// <summary>Where it is dialled.</summary>
    public const string Address = Lab.ClientAddress;

    /// <summary>Its own address in every tunnel.</summary>
    public const string Gateway = "10.98.0.1";

    /// <summary>The one user it knows, who may log in many times.</summary>
    public const string User = "alice";

    public static string Password => ServerSettings.PasswordOf(User);

    /// <summary>What pppd has logged of all calls so far.</summary>
    public static string Log => Lab.InVm("cat /tmp/pptpd-ppp.log").Output;

    /// <summary>Calls whose end we have asked for by LCP.</summary>
    public static int CallsEndedByUs => Log.Split("LCP terminated by peer").Length - 1;

    /// <summary>Starts it, and comes back when it listens.</summary>
    /// <param name="pppdOptions">None: MS-CHAPv2 and MPPE-128 alone.</param>
    public static void Start(params IEnumerable<string> pppdOptions) => Lab.PeerUp(Password, pppdOptions);

    /// <summary>Ends it and all its calls at once, without a goodbye.</summary>
    public static void Kill() => Lab.PeerDown();

    /// <summary>Has pppd end all calls as an operator does.</summary>
    public static void HangUp() => Lab.InVm("pkill -TERM -x pppd").MustSucceed();

    /// <summary>Whether packets between it and us get through; TCP connections outlive a gap.</summary>
    public static void Cut(bool isCut) =>
        Lab.InVm(isCut ? "tc qdisc add dev eth0 root netem loss 100%" : "tc qdisc del dev eth0 root").MustSucceed();
}

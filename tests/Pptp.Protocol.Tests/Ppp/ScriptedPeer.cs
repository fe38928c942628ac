using System.Net;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>
/// The other end of a <see cref="PppLink"/>, as a script: what it says and what it must hear, frame by frame in
/// hexadecimal. Blanks in frames do not count; # stands for the length of the packet it is in.
/// </summary>
internal sealed class ScriptedPeer
{
    /// <summary>The link's first LCP request: MRU 1450, MS-CHAPv2, magic number.</summary>
    public const string ServerLcpOptions = "0104 05AA 0305 C223 81 0506 A1B2C3D4";

    private const int HeadLength = 4;

    public ScriptedPeer(PppLinkOptions? options = null, byte[]? challenge = null)
    {
        Link = new PppLink(
            options ?? new PppLinkOptions { CreateAuthenticator = (_, _) => new TestAuthenticator() },
            new KnownRandom(challenge));
    }

    public static LinkAuthorization Authorization { get; } = new()
    {
        Keys = new MppeStartKeys(new byte[16], new byte[16]),
        LocalAddress = IPAddress.Parse("10.0.0.1"),
        RemoteAddress = IPAddress.Parse("10.0.0.5"),
    };

    public PppLink Link { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromDays(3);

    public ScriptedPeer Opens()
    {
        Link.Open(Now);
        return this;
    }

    public ScriptedPeer Says(string hex)
    {
        Link.Receive(Bytes(hex), Now);
        return this;
    }

    public ScriptedPeer Hears(string hex)
    {
        PppEvent.Send send = Sees<PppEvent.Send>();
        Assert.That(Convert.ToHexString(send.Frame), Is.EqualTo(Convert.ToHexString(Bytes(hex))));
        return this;
    }

    public ScriptedPeer HearsNothing()
    {
        Assert.That(Link.TryTake(out PppEvent? happened), Is.False, () => $"unexpected: {Describe(happened)}");
        return this;
    }

    /// <summary>The next event, which must be of this kind.</summary>
    public T Sees<T>()
        where T : PppEvent
    {
        Assert.That(Link.TryTake(out PppEvent? happened), Is.True, $"nothing happened instead of {typeof(T).Name}");
        Assert.That(happened, Is.InstanceOf<T>(), () => Describe(happened));
        return (T)happened!;
    }

    public ScriptedPeer Sees<T>(out T happened)
        where T : PppEvent
    {
        happened = Sees<T>();
        return this;
    }

    public ScriptedPeer SeesClosed(LinkCloseCause cause, string detail)
    {
        PppEvent.Closed closed = Sees<PppEvent.Closed>();
        Assert.That(closed, Is.EqualTo(new PppEvent.Closed(cause, detail)));
        Assert.That(Link.Phase, Is.EqualTo(LinkPhase.Closed));
        Assert.That(Link.NextDeadline, Is.Null);
        return HearsNothing();
    }

    /// <summary>Lets time pass, stopping at each deadline of the link.</summary>
    public ScriptedPeer Waits(double seconds)
    {
        TimeSpan end = Now + TimeSpan.FromSeconds(seconds);
        for (int steps = 0; Link.NextDeadline is { } deadline && deadline <= end; steps++)
        {
            Assert.That(steps, Is.LessThan(1000), "the link's deadline does not move");
            if (deadline > Now) Now = deadline;
            Link.Advance(Now);
        }
        Now = end;
        return this;
    }

    public ScriptedPeer OpensLcp(string options = "0506 0BADCAFE")
    {
        Opens().Hears($"FF03 C021 01 01 # {ServerLcpOptions}")
            .Says($"FF03 C021 02 01 # {ServerLcpOptions}").HearsNothing()
            .Says($"FF03 C021 01 01 # {options}")
            .Hears($"FF03 C021 02 01 # {options}")
            .Sees<PppEvent.LcpUp>();
        return this;
    }

    public ScriptedPeer AnswersChallenge()
    {
        Hears("FF03 C223 01 07 #").Says("FF03 C223 02 07 #").Sees<PppEvent.CredentialsReceived>();
        return HearsNothing();
    }

    public ScriptedPeer IsLetIn(LinkAuthorization? authorization = null)
    {
        Link.Authorize(authorization ?? Authorization, Now);
        Hears("FF03 C223 03 07 #").Sees<PppEvent.Authenticated>();
        return this;
    }

    /// <summary>LCP and the login, with the authorization given.</summary>
    public ScriptedPeer ComesIn(LinkAuthorization? authorization = null) =>
        OpensLcp().AnswersChallenge().IsLetIn(authorization);

    /// <summary>CCP with 128 bit stateless, both ways.</summary>
    public ScriptedPeer OpensCcp()
    {
        Hears("FF03 80FD 01 01 # 1206 01000040").HearsNothing()
            .Says("FF03 80FD 01 01 # 1206 01000040").Hears("FF03 80FD 02 01 # 1206 01000040")
            .Says("FF03 80FD 02 01 # 1206 01000040")
            .Sees<PppEvent.EncryptionUp>();
        return this;
    }

    /// <summary>IPCP with 10.0.0.1 on this side and 10.0.0.5 on the peer's.</summary>
    public ScriptedPeer OpensIpcp()
    {
        Hears("FF03 8021 01 01 # 0306 0A000001").HearsNothing()
            .Says("FF03 8021 01 01 # 0306 0A000005").Hears("FF03 8021 02 01 # 0306 0A000005")
            .Says("FF03 8021 02 01 # 0306 0A000001")
            .Sees<PppEvent.NetworkUp>();
        return HearsNothing();
    }

    /// <summary>All the way to an encrypted network.</summary>
    public ScriptedPeer GetsNetwork() => ComesIn().OpensCcp().OpensIpcp();

    public static byte[] Bytes(string hex)
    {
        string compact = hex.Replace(" ", "", StringComparison.Ordinal);
        int mark = compact.IndexOf('#', StringComparison.Ordinal);
        if (mark < 0) return Convert.FromHexString(compact);
        // Code and identifier stand before the length, which counts them, itself and the rest.
        int length = HeadLength + ((compact.Length - mark - 1) / 2);
        return Convert.FromHexString(compact.Replace("#", length.ToString("X4"), StringComparison.Ordinal));
    }

    private static string Describe(PppEvent? happened) => happened is PppEvent.Send send
        ? "Send " + Convert.ToHexString(send.Frame)
        : $"{happened}";
}

using System.Net;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;
using Pptp.Protocol.Tests.Control;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>
/// A link that calls and a link that answers, joined in memory. The answering side lets in who knows
/// <see cref="Password"/>.
/// </summary>
internal sealed class LinkPair : IDisposable
{
    public const string User = "alice";
    public const string Password = "secret";

    /// <summary>Those a link can log in by.</summary>
    public static readonly AuthenticationMethod[] Methods =
        [.. Enum.GetValues<AuthenticationMethod>().Except([AuthenticationMethod.Eap])];

    public static readonly IPAddress ServerAddress = IPAddress.Parse("10.0.0.1");
    public static readonly IPAddress ClientAddress = IPAddress.Parse("10.0.0.5");

    private readonly Xorshift _random;
    private readonly LinkAuthorization _authorization;

    public LinkPair(
        PppLinkOptions caller, PppLinkOptions answerer, LinkAuthorization authorization, ulong seed = 1)
    {
        _random = new Xorshift(seed);
        Caller = new PppLink(caller, new SeededRandom(seed));
        Answerer = new PppLink(answerer, new SeededRandom(seed + 1000));
        _authorization = authorization;
    }

    public PppLink Caller { get; }

    public PppLink Answerer { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromDays(3);

    /// <summary>Frames lost of every hundred, either way.</summary>
    public int Loss { get; init; }

    /// <summary>What stands in the answering side's Success; null: what it ought to.</summary>
    public string? Proof { get; init; }

    public List<PppEvent> AtCaller { get; } = [];

    public List<PppEvent> AtAnswerer { get; } = [];

    public List<byte[]> SentByCaller { get; } = [];

    /// <summary>The caller's keys, if the login gave any.</summary>
    public MppeStartKeys? CallerKeys => AtCaller.OfType<PppEvent.LoggedIn>().SingleOrDefault()?.Keys;

    public MppeStartKeys? AnswererKeys { get; private set; }

    public NetworkParameters? CallerNetwork => AtCaller.OfType<PppEvent.NetworkUp>().SingleOrDefault()?.Parameters;

    public NetworkParameters? AnswererNetwork => AtAnswerer.OfType<PppEvent.NetworkUp>().SingleOrDefault()?.Parameters;

    public PppEvent.Closed? CallerClosed => AtCaller.OfType<PppEvent.Closed>().SingleOrDefault();

    public PppEvent.Closed? AnswererClosed => AtAnswerer.OfType<PppEvent.Closed>().SingleOrDefault();

    /// <summary>Opens both links and lets them talk for as long as this takes, of their own time.</summary>
    public LinkPair Run(double seconds = 0)
    {
        Answerer.Open(Now);
        Caller.Open(Now);
        TimeSpan end = Now + TimeSpan.FromSeconds(seconds);
        Exchange();
        while (Earliest() is { } next && next <= end)
        {
            Now = next > Now ? next : Now;
            Caller.Advance(Now);
            Answerer.Advance(Now);
            Exchange();
        }
        return this;
    }

    public void Exchange()
    {
        while (Carry(Caller, Answerer, AtCaller) | Carry(Answerer, Caller, AtAnswerer))
        {
        }
    }

    public void Dispose()
    {
        CallerKeys?.Dispose();
        AnswererKeys?.Dispose();
    }

    private TimeSpan? Earliest() => Caller.NextDeadline is { } caller && (Answerer.NextDeadline ?? caller) >= caller
        ? caller
        : Answerer.NextDeadline;

    private bool Carry(PppLink from, PppLink to, List<PppEvent> others)
    {
        bool hasMoved = false;
        while (from.TryTake(out PppEvent? happened))
        {
            hasMoved = true;
            if (happened is PppEvent.Send send)
            {
                if (from == Caller) SentByCaller.Add(send.Frame);
                if (_random.Next(100) >= Loss) to.Receive(send.Frame, Now);
                continue;
            }
            others.Add(happened);
            if (happened is PppEvent.CredentialsReceived received) Decide(received.Credentials);
        }
        return hasMoved;
    }

    private void Decide(PeerCredentials credentials)
    {
        byte[] hash = new byte[16];
        MsChapV2.NtPasswordHash(Password, hash);
        byte[] lmHash = new byte[16];
        MsChapV1.TryLmPasswordHash(Password, lmHash);
        bool isRight = credentials switch
        {
            MsChapV2Credentials second => second.Verify(hash),
            MsChapV1Credentials first => first.Verify(hash),
            ChapMd5Credentials chap => chap.Verify("secret"u8),
            PapCredentials pap => pap.Verify("secret"u8),
            _ => false,
        };
        if (!isRight || credentials.UserName != User)
        {
            Answerer.Refuse(false, "wrong", Now);
            return;
        }
        AnswererKeys ??= credentials switch
        {
            MsChapV2Credentials second => second.DeriveKeys(hash),
            MsChapV1Credentials first => first.DeriveKeys(hash, lmHash),
            _ => null,
        };
        string? success = Proof ?? (credentials as MsChapV2Credentials)?.AuthenticatorResponse(hash);
        Answerer.Authorize(_authorization with { Keys = AnswererKeys, SuccessMessage = success }, Now);
    }

    private sealed class SeededRandom(ulong seed) : IRandomSource
    {
        private readonly Xorshift _random = new(seed);

        public void Fill(Span<byte> destination) => _random.Fill(destination);
    }
}

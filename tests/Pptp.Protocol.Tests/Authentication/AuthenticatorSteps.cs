using Pptp.Protocol.Authentication;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>The steps of an exchange with the values of RFC 2759 §9.2, and what is expected of each.</summary>
internal static class AuthenticatorSteps
{
    public static readonly byte[] SecondChallenge = HexBytes.Of("0F 0E 0D 0C 0B 0A 09 08 07 06 05 04 03 02 01 00");
    public static readonly byte[] ThirdChallenge = HexBytes.Of("30 31 32 33 34 35 36 37 38 39 3A 3B 3C 3D 3E 3F");

    public static readonly AuthenticationVerdict Accepted =
        new AuthenticationVerdict.Accept(Rfc2759Example.AuthenticatorResponse);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static MsChapV2Authenticator Start(ChapTimers? timers = null)
    {
        var random = new ScriptedRandom(
            [0x40], Rfc2759Example.AuthenticatorChallenge, SecondChallenge, ThirdChallenge);
        var authenticator = new MsChapV2Authenticator("pptpd", random, timers);
        authenticator.Start(TimeSpan.Zero);
        return authenticator;
    }

    public static MsChapV2Authenticator AwaitingVerdict(ChapTimers? timers = null)
    {
        MsChapV2Authenticator authenticator = Start(timers);
        Sent(authenticator);
        authenticator.Receive(Rfc2759Example.ResponsePacket(0x41), Seconds(1));
        Credentials(authenticator);
        return authenticator;
    }

    public static MsChapV2Authenticator Authenticated(ChapTimers? timers = null)
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict(timers);
        authenticator.Decide(Accepted, Seconds(2));
        Sent(authenticator);
        Succeeded(authenticator);
        return authenticator;
    }

    public static MsChapV2Authenticator AwaitingRetry(ChapTimers? timers = null)
    {
        MsChapV2Authenticator authenticator = AwaitingVerdict(timers);
        authenticator.Decide(new AuthenticationVerdict.Reject(MayRetry: true), Seconds(2));
        Assert.That(
            Sent(authenticator),
            Is.EqualTo(ChapBytes.Failure(
                0x41, "E=691 R=1 C=0F0E0D0C0B0A09080706050403020100 V=3 M=Authentication failed")));
        Nothing(authenticator);
        return authenticator;
    }

    public static T Take<T>(Authenticator authenticator)
        where T : AuthenticationEvent
    {
        Assert.That(authenticator.TryTake(out AuthenticationEvent? e), Is.True, "no event");
        Assert.That(e, Is.InstanceOf<T>());
        return (T)e!;
    }

    public static byte[] Sent(Authenticator authenticator) =>
        Take<AuthenticationEvent.Send>(authenticator).Packet;

    public static MsChapV2Credentials Credentials(MsChapV2Authenticator authenticator) =>
        (MsChapV2Credentials)Take<AuthenticationEvent.CredentialsReceived>(authenticator).Credentials;

    public static T Credentials<T>(Authenticator authenticator)
        where T : PeerCredentials
    {
        PeerCredentials credentials = Take<AuthenticationEvent.CredentialsReceived>(authenticator).Credentials;
        Assert.That(credentials, Is.InstanceOf<T>());
        return (T)credentials;
    }

    public static void Succeeded(Authenticator authenticator) =>
        Take<AuthenticationEvent.Succeeded>(authenticator);

    public static string Failure(Authenticator authenticator) =>
        Take<AuthenticationEvent.Failed>(authenticator).Detail;

    public static void Nothing(Authenticator authenticator) =>
        Assert.That(authenticator.TryTake(out AuthenticationEvent? e), Is.False, () => $"unexpected {e}");
}

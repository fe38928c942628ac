using System.Text;
using Pptp.Protocol.Authentication;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>An exchange between an authenticator and a peer of ours, as far as the credentials.</summary>
internal static class Login
{
    /// <summary>Those a name and a password are enough for.</summary>
    public static readonly AuthenticationMethod[] Methods =
        [.. Enum.GetValues<AuthenticationMethod>().Except([AuthenticationMethod.Eap])];

    public static PeerCredentials By(AuthenticationMethod method, string user, string password) =>
        By(method, user, password, out _);

    /// <param name="peer">The side that logs in, to ask for its keys.</param>
    public static PeerCredentials By(
        AuthenticationMethod method, string user, string password, out AuthenticationPeer peer)
    {
        SystemRandomSource random = SystemRandomSource.Instance;
        Authenticator authenticator = method switch
        {
            AuthenticationMethod.MsChapV2 => new MsChapV2Authenticator("pptpd", random),
            AuthenticationMethod.MsChapV1 => new MsChapV1Authenticator("pptpd", random),
            AuthenticationMethod.ChapMd5 => new ChapMd5Authenticator("pptpd", random),
            _ => new PapAuthenticator(random),
        };
        peer = method switch
        {
            AuthenticationMethod.MsChapV2 => MsChapV2Peer.FromPassword(user, password, random),
            AuthenticationMethod.MsChapV1 => MsChapV1Peer.FromPassword(user, password),
            AuthenticationMethod.ChapMd5 => new ChapMd5Peer(user, Encoding.UTF8.GetBytes(password)),
            _ => new PapPeer(user, Encoding.UTF8.GetBytes(password)),
        };
        authenticator.Start(TimeSpan.Zero);
        (peer as PapPeer)?.SendRequest();
        if (authenticator.TryTake(out AuthenticationEvent? challenge))
            peer.Receive(((AuthenticationEvent.Send)challenge).Packet);
        Assert.That(peer.TryTake(out AuthenticationEvent? response), Is.True);
        authenticator.Receive(((AuthenticationEvent.Send)response!).Packet, TimeSpan.Zero);
        Assert.That(authenticator.TryTake(out AuthenticationEvent? received), Is.True);
        return ((AuthenticationEvent.CredentialsReceived)received!).Credentials;
    }
}

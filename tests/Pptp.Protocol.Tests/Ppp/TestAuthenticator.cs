using Pptp.Protocol.Authentication;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>
/// Stands for any login method where the method does not matter: challenge 01 07, response 02 07, success 03 07,
/// failure 04 07, all without data.
/// </summary>
internal sealed class TestAuthenticator : Authenticator
{
    private TimeSpan? _deadline;

    public override ushort Protocol => PppProtocol.Chap;

    public override TimeSpan? NextDeadline => _deadline;

    public override void Start(TimeSpan now)
    {
        _deadline = now + TimeSpan.FromSeconds(30);
        Raise(new AuthenticationEvent.Send([1, 7, 0, 4]));
    }

    public override void Receive(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        if (packet.IsEmpty || packet[0] != 2) return;
        _deadline = null;
        Raise(new AuthenticationEvent.CredentialsReceived(new TestCredentials("alice")));
    }

    public override void Advance(TimeSpan now)
    {
        if (_deadline is not { } deadline || deadline > now) return;
        _deadline = null;
        Raise(new AuthenticationEvent.Failed("no response"));
    }

    public override void Decide(AuthenticationVerdict verdict, TimeSpan now)
    {
        if (verdict is AuthenticationVerdict.Reject reject)
        {
            Raise(new AuthenticationEvent.Send([4, 7, 0, 4]));
            if (!reject.MayRetry) Raise(new AuthenticationEvent.Failed("wrong password"));
            return;
        }
        Raise(new AuthenticationEvent.Send([3, 7, 0, 4]));
        Raise(new AuthenticationEvent.Succeeded());
    }
}

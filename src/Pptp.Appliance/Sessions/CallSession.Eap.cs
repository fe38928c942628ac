using Pptp.Appliance.Aaa;

namespace Pptp.Appliance.Sessions;

/// <content>The rounds of EAP between the client and whoever judges it.</content>
internal sealed partial class CallSession
{
    /// <summary>
    /// All rounds together take no longer than so many logins: each is given its time, and a client that answers
    /// slowly for ever is not.
    /// </summary>
    private const int LoginsOfAllRounds = 3;

    private AccessContinuation? _continuation;
    private TimeSpan? _lastLoginDeadline;
    private int _rounds;

    /// <summary>The client was asked something, and is neither in nor refused.</summary>
    private bool IsEapUnderWay => _rounds > 0 && !_refused && _parameters is null;

    /// <summary>Hands the next request to the client, who has time to answer it.</summary>
    private void GoOn(AccessDecision.Challenge challenge, TimeSpan now)
    {
        _rounds++;
        _continuation = challenge.Continuation;
        _lastLoginDeadline ??= _loginDeadline + ((LoginsOfAllRounds - 1) * _server.LoginTimeout);
        TimeSpan next = now + _server.LoginTimeout;
        _loginDeadline = next < _lastLoginDeadline ? next : _lastLoginDeadline.Value;
        _link.Challenge(challenge.EapPacket, now);
    }

    private void ForgetRounds()
    {
        _rounds = 0;
        _continuation = null;
    }

    private string RoundText(byte[] request)
    {
        string method = EapMethods.NameOf(request);
        return $"EAP round {_rounds + 1}: {method}, {request.Length} octets";
    }
}

using Pptp.Protocol.Ppp.Ipv6cp;

namespace Pptp.Protocol.Ppp;

/// <content>
/// IPv6 beside IPv4 (RFC 5072). The link does not depend on it unless it is required: without it, it carries IPv4
/// alone. It comes up at most once.
/// </content>
public sealed partial class PppLink
{
    /// <summary>RFC 8200 §5: no IPv6 on a link that carries less.</summary>
    private const int SmallestIpv6Mtu = 1280;

    private Ipv6cpProtocol? _ipv6cp;
    private byte[]? _earlyIpv6cpRequest;
    private bool _isIpv6Over;

    /// <summary>Null where there is no IPv6 on this link, or not yet.</summary>
    public PppState? Ipv6cpState => _ipv6cp?.State;

    private void StartIpv6cp(LinkAuthorization authorization, TimeSpan now)
    {
        if (authorization.Ipv6 == Ipv6Policy.No || Phase != LinkPhase.Network) return;
        int mtu = MtuOf(_lcp.Multilink, isEncrypted: _ccp is { State: PppState.Opened });
        if (mtu < SmallestIpv6Mtu)
        {
            Ipv6Refused($"packets of {mtu} octets are too small for it", now);
            return;
        }
        _ipv6cp = new Ipv6cpProtocol(authorization.RemoteIdentifier, _timers, _random, this);
        _ipv6cp.Open(now);
        _ipv6cp.Up(now);
        if (_earlyIpv6cpRequest is not { } request) return;
        _earlyIpv6cpRequest = null;
        _ipv6cp.Receive(request, now);
    }

    private void Ipv6Opened(Ipv6cpProtocol ipv6cp) =>
        Emit(new PppEvent.Ipv6Up(ipv6cp.LocalIdentifier, ipv6cp.RemoteIdentifier));

    private void Ipv6Lost(Ipv6cpProtocol ipv6cp, AutomatonEvent cause, TimeSpan now)
    {
        // Where the whole link ends there is nothing to tell of a part.
        if (Phase != LinkPhase.Network) return;
        _isIpv6Over = true;
        string detail = DownDetail("IPv6CP", cause);
        if (_authorization!.Ipv6 == Ipv6Policy.Required)
        {
            End(LinkCloseCause.NetworkLost, detail, "IPv6 lost", now);
            return;
        }
        Emit(new PppEvent.Ipv6Down(detail));
        switch (cause)
        {
            case AutomatonEvent.TerminateRequest:
                // The Terminate-Ack is still to come.
                break;
            case AutomatonEvent.RejectCatastrophic:
                ipv6cp.Abandon();
                break;
            default:
                ipv6cp.Close("", now);
                break;
        }
    }

    private void Ipv6Finished(AutomatonEvent cause, TimeSpan now)
    {
        _ipv6cp!.Abandon();
        Ipv6Refused(
            cause == AutomatonEvent.TimeoutGiveUp ? "the peer does not answer IPv6CP" : "the peer rejects IPv6CP", now);
    }

    private void Ipv6Refused(string detail, TimeSpan now)
    {
        if (Phase != LinkPhase.Network || _isIpv6Over) return;
        _isIpv6Over = true;
        if (_authorization!.Ipv6 == Ipv6Policy.Required)
            End(LinkCloseCause.NetworkFailed, $"IPv6 is required: {detail}", "IPv6 is required", now);
        else
            Emit(new PppEvent.Ipv6Refused(detail));
    }
}

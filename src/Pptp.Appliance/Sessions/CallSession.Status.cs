using Pptp.Appliance.Interfaces;

namespace Pptp.Appliance.Sessions;

/// <content>What the session tells of itself.</content>
internal sealed partial class CallSession
{
    // Set after _connectedAt, so that who sees it sees that too.
    private volatile PptpSessionStatus? _status;

    /// <summary>From any thread; null: it does not carry IP, or no more.</summary>
    public PptpSessionStatus? Status => !_ending && _status is { } status
        ? status with
        {
            Uptime = _services.Clock.Now - _connectedAt,
            RateLimit = _parameters!.RateLimit,
            Counters = _path.Counters,
        }
        : null;

    /// <summary>Whether this is its user's name, or one of its interface's; from any thread.</summary>
    public bool IsNamed(string name) => User == name || _name?.Linux == name || _name?.RouterOs == name;

    private PptpSessionStatus DescribeSession(InterfaceName name) => new()
    {
        Name = name.RouterOs,
        Interface = name.Linux,
        IsDynamic = name.IsDynamic,
        User = _parameters!.User,
        Mtu = _network!.Mtu,
        Mru = _network.Mru,
        Mrru = _network.Multilink?.Mrru,
        ClientAddress = _host.Remote,
        Encoding = LinkData.EncodingName(_network),
        LocalAddress = _network.LocalAddress,
        RemoteAddress = _network.RemoteAddress,
    };
}

using System.Net;

namespace Pptp.Protocol.Ppp.Ipcp;

/// <summary>The IP Control Protocol (RFC 1332) with the name server options of RFC 1877.</summary>
internal sealed class IpcpProtocol(
    LinkAuthorization authorization, ControlProtocolTimers timers, IRandomSource random, IControlProtocolHost host)
    : ControlProtocol(PppProtocol.Ipcp, timers, random, host)
{
    private const int AddressLength = 4;

    private IPAddress _local = authorization.LocalAddress;
    private IPAddress? _primaryDns;
    private IPAddress? _secondaryDns;
    private bool _offerAddress = true;
    private int _addressNaks;
    private int _serverNaks;
    private bool _isAddressSeen;
    private bool _isAddressDisputed;
    private IPAddress _askedAddress = authorization.RemoteAddress;
    private List<IPAddress> _askedDns = [];
    private List<IPAddress> _askedWins = [];

    public IPAddress LocalAddress => _local;

    public IPAddress RemoteAddress { get; private set; } = authorization.RemoteAddress;

    public IReadOnlyList<IPAddress> DnsServers { get; private set; } = [];

    public IReadOnlyList<IPAddress> WinsServers { get; private set; } = [];

    /// <summary>Those the peer gave us.</summary>
    public IReadOnlyList<IPAddress> GivenDnsServers =>
        [.. new[] { _primaryDns, _secondaryDns }.OfType<IPAddress>().Where(server => !IsAny(server)).Distinct()];

    // No key hangs on IPCP: the same request again is the same agreement again.
    protected override bool RepetitionMayChangeIdentifier => true;

    protected override void Forget()
    {
        _local = authorization.LocalAddress;
        _offerAddress = true;
        _addressNaks = 0;
        // RFC 1877 §1.1: who asks for 0.0.0.0 asks to be told.
        _primaryDns = authorization.AsksForDns ? IPAddress.Any : null;
        _secondaryDns = _primaryDns;
        _serverNaks = 0;
    }

    protected override void WriteRequest(List<PppOption> request)
    {
        if (_offerAddress) request.Add(AddressOption(IpcpOption.IpAddress, _local));
        if (_primaryDns is not null) request.Add(AddressOption(IpcpOption.PrimaryDns, _primaryDns));
        if (_secondaryDns is not null) request.Add(AddressOption(IpcpOption.SecondaryDns, _secondaryDns));
    }

    protected override NegotiationFailure? BeginJudging(IReadOnlyList<PppOption> request)
    {
        _isAddressSeen = false;
        _isAddressDisputed = false;
        _askedAddress = authorization.RemoteAddress;
        _askedDns = [];
        _askedWins = [];
        return null;
    }

    protected override OptionVerdict Judge(PppOption option) => option.Type switch
    {
        IpcpOption.IpAddress => JudgeAddress(option),
        IpcpOption.PrimaryDns => JudgeServer(option, authorization.DnsServers, 0, _askedDns),
        IpcpOption.SecondaryDns => JudgeServer(option, authorization.DnsServers, 1, _askedDns),
        IpcpOption.PrimaryNbns => JudgeServer(option, authorization.WinsServers, 0, _askedWins),
        IpcpOption.SecondaryNbns => JudgeServer(option, authorization.WinsServers, 1, _askedWins),
        _ => OptionVerdict.Reject,
    };

    protected override void AddMissing(List<PppOption> naks)
    {
        if (_isAddressSeen || IsAny(authorization.RemoteAddress)) return;
        // RFC 1332 §3.3: a peer that does not name its address is told it.
        naks.Add(AddressOption(IpcpOption.IpAddress, authorization.RemoteAddress));
        _isAddressDisputed = true;
    }

    protected override NegotiationFailure? NotConverging() => _isAddressDisputed
        ? Failure($"the peer does not take its address {authorization.RemoteAddress}")
        : null;

    protected override void CommitPeerRequest()
    {
        RemoteAddress = _askedAddress;
        DnsServers = _askedDns;
        WinsServers = _askedWins;
    }

    protected override NegotiationFailure? ReceiveNak(PppOption option)
    {
        if (option.Type is IpcpOption.PrimaryDns or IpcpOption.SecondaryDns)
        {
            ReceiveServerNak(option);
            return null;
        }
        if (option.Type != IpcpOption.IpAddress) return null;
        if (IsAny(authorization.LocalAddress) && option.Data.Length == AddressLength)
            _local = new IPAddress(option.Data);
        return ++_addressNaks > MaxFailure
            ? Failure($"the peer does not take our address {authorization.LocalAddress}")
            : null;
    }

    protected override NegotiationFailure? ReceiveReject(PppOption option)
    {
        if (option.Type != IpcpOption.IpAddress)
        {
            ForgetServer(option.Type);
            return null;
        }
        // The peer need not know our address, unless it is the peer that gives it.
        if (IsAny(_local)) return Failure("the peer gives us no address");
        _offerAddress = false;
        return null;
    }

    protected override NegotiationFailure NoEnd() => Failure("IPCP found no agreement with the peer");

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any);

    private static NegotiationFailure Failure(string detail) => new(LinkCloseCause.NetworkFailed, detail);

    private static PppOption AddressOption(byte type, IPAddress address) => new(type, address.GetAddressBytes());

    private static OptionVerdict JudgeServer(
        PppOption option, IReadOnlyList<IPAddress> servers, int index, List<IPAddress> taken)
    {
        if (index >= servers.Count) return OptionVerdict.Reject;
        byte[] address = servers[index].GetAddressBytes();
        if (!option.Data.AsSpan().SequenceEqual(address)) return OptionVerdict.Nak(new PppOption(option.Type, address));
        taken.Add(servers[index]);
        return OptionVerdict.Ack;
    }

    private void ReceiveServerNak(PppOption option)
    {
        // An end that never agrees with itself about its servers has none for us.
        if (option.Data.Length != AddressLength || ++_serverNaks > 2 * MaxFailure)
            ForgetServer(option.Type);
        else if (option.Type == IpcpOption.PrimaryDns && _primaryDns is not null)
            _primaryDns = new IPAddress(option.Data);
        else if (option.Type == IpcpOption.SecondaryDns && _secondaryDns is not null)
            _secondaryDns = new IPAddress(option.Data);
    }

    private void ForgetServer(byte type)
    {
        if (type == IpcpOption.PrimaryDns) _primaryDns = null;
        else _secondaryDns = null;
    }

    private OptionVerdict JudgeAddress(PppOption option)
    {
        _isAddressSeen = true;
        if (option.Data.Length == AddressLength)
        {
            IPAddress asked = new(option.Data);
            bool isTaken = IsAny(authorization.RemoteAddress)
                ? !IsAny(asked)
                : asked.Equals(authorization.RemoteAddress);
            if (isTaken)
            {
                _askedAddress = asked;
                return OptionVerdict.Ack;
            }
        }
        // A peer that asks us for an address we do not have goes on without.
        if (IsAny(authorization.RemoteAddress)) return OptionVerdict.Reject;
        _isAddressDisputed = true;
        return OptionVerdict.Nak(AddressOption(option.Type, authorization.RemoteAddress));
    }
}

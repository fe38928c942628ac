using System.Net;
using System.Numerics;
using Pptp.Model;
using Pptp.Protocol.Ppp;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>
/// Reads what an Access-Accept or a CoA-Request gives. What has a wrong length or value is left out with a warning.
/// </summary>
internal sealed partial class RadiusGrantReader
{
    // RFC 2868 §3.1.
    private const uint Pptp = 1;

    private static readonly Dictionary<RadiusAttribute, Action<RadiusGrantReader, RadiusValue>> Readers = new()
    {
        [RadiusAttributes.UserName] = (r, v) => r.Text(v, (g, text) => g with { UserName = text }),
        [RadiusAttributes.FramedIpAddress] = (r, v) => r.Address(v, (_, address) => r.SetAddress(address)),
        [RadiusAttributes.FramedIpNetmask] = (r, v) => r.Address(v, (_, mask) => r.SetNetmask(v, mask)),
        [RadiusAttributes.FramedPool] = (r, v) => r.Text(v, (_, text) => r._pool = text),
        [RadiusAttributes.FramedRoute] = (r, v) => r.Text(v, (_, text) => r.AddRoute(v, text)),
        [RadiusAttributes.FramedInterfaceId] = (r, v) => r.SetInterfaceIdentifier(v),
        [RadiusAttributes.FramedIpv6Prefix] = (r, v) => r.Prefix(v, prefix => r._grant = r._grant with { Ipv6Prefix = prefix }),
        [RadiusAttributes.DelegatedIpv6Prefix] = (r, v) => r.Prefix(v, prefix => r.AddRoute(prefix, 0)),
        [RadiusAttributes.FramedIpv6Route] = (r, v) => r.Text(v, (_, text) => r.AddIpv6Route(v, text)),
        [RadiusAttributes.FramedIpv6Pool] = (r, v) => r.Text(v, (g, text) => g with { Ipv6Pool = text }),
        [RadiusAttributes.MikrotikDelegatedIpv6Pool] = (r, v) => r.Ignore(v, "prefixes are not delegated from a pool"),
        [RadiusAttributes.SessionTimeout] = (r, v) => r.Seconds(v, (g, time) => g with { SessionTimeout = time }),
        [RadiusAttributes.IdleTimeout] = (r, v) => r.Seconds(v, (g, time) => g with { IdleTimeout = time }),
        [RadiusAttributes.AcctInterimInterval] = (r, v) => r.Seconds(v, (g, time) => g with { InterimInterval = time }),
        [RadiusAttributes.PortLimit] = (r, v) =>
            r.Number(v, (g, number) => g with { PortLimit = (int)Math.Min(number, int.MaxValue) }),
        [RadiusAttributes.Class] = (r, v) => r._classes.Add(v.Octets),
        [RadiusAttributes.FilterId] = (r, v) => r.Text(v, (_, text) => r.SetFilter(text)),
        [RadiusAttributes.ReplyMessage] = (r, v) => r.Text(v, (g, text) => g with { ReplyMessage = g.ReplyMessage + text }),
        [RadiusAttributes.MikrotikGroup] = (r, v) => r.Text(v, (g, text) => g with { Group = text }),
        [RadiusAttributes.MikrotikAddressList] = (r, v) => r.Text(v, (_, text) => r._addressLists.Add(text)),
        [RadiusAttributes.MikrotikRateLimit] = (r, v) => r.Text(v, (_, text) => r.SetRateLimit(v, text)),
        [RadiusAttributes.MikrotikReceiveLimit] = (r, v) => r.Number(v, (_, number) => r._receiveLimit = number),
        [RadiusAttributes.MikrotikReceiveLimitGigawords] = (r, v) => r.Number(v, (_, number) => r._receiveGigawords = number),
        [RadiusAttributes.MikrotikTransmitLimit] = (r, v) => r.Number(v, (_, number) => r._transmitLimit = number),
        [RadiusAttributes.MikrotikTransmitLimitGigawords] = (r, v) => r.Number(v, (_, number) => r._transmitGigawords = number),
        [RadiusAttributes.MikrotikTotalLimit] = (r, v) => r.Number(v, (_, number) => r._totalLimit = number),
        [RadiusAttributes.MikrotikTotalLimitGigawords] = (r, v) => r.Number(v, (_, number) => r._totalGigawords = number),
        [RadiusAttributes.AscendDataRate] = (r, v) => r.Number(v, (_, number) => r._ascendData.Add(number)),
        [RadiusAttributes.AscendTransmitRate] = (r, v) => r.Number(v, (_, number) => r._ascendTransmit = number),
        [RadiusAttributes.WisprMaximumUp] = (r, v) => r.Number(v, (_, number) => r._wisprUp = number),
        [RadiusAttributes.WisprMaximumDown] = (r, v) => r.Number(v, (_, number) => r._wisprDown = number),
        [RadiusAttributes.WisprMinimumUp] = (r, v) => r.Number(v, (_, number) => r._wisprMinimumUp = number),
        [RadiusAttributes.WisprMinimumDown] = (r, v) => r.Number(v, (_, number) => r._wisprMinimumDown = number),
        [RadiusAttributes.MsPrimaryDnsServer] = (r, v) => r.Address(v, (_, address) => r._dns.Insert(0, address)),
        [RadiusAttributes.MsSecondaryDnsServer] = (r, v) => r.Address(v, (_, address) => r._dns.Add(address)),
        [RadiusAttributes.MsPrimaryNbnsServer] = (r, v) => r.Address(v, (_, address) => r._wins.Insert(0, address)),
        [RadiusAttributes.MsSecondaryNbnsServer] = (r, v) => r.Address(v, (_, address) => r._wins.Add(address)),
        [RadiusAttributes.MsMppeEncryptionPolicy] = (r, v) => r.Number(v, (_, number) => r.SetPolicy(v, number)),
        [RadiusAttributes.MsMppeEncryptionTypes] = (r, v) => r.Number(v, (_, number) => r._types = number),
        [RadiusAttributes.TunnelType] = (r, v) => r.CheckTunnel(v),
    };

    private readonly List<string> _warnings = [];
    private readonly List<PppRoute> _routes = [];
    private readonly List<PppIpv6Route> _ipv6Routes = [];
    private readonly List<ReadOnlyMemory<byte>> _classes = [];
    private readonly List<string> _addressLists = [];
    private readonly List<IPAddress> _dns = [];
    private readonly List<IPAddress> _wins = [];
    private readonly List<uint> _ascendData = [];
    private RadiusGrant _grant = new();
    private IPAddress? _address;
    private string? _pool;
    private int? _netmask;
    private RateLimit? _rateLimit;
    private uint? _receiveLimit;
    private uint? _receiveGigawords;
    private uint? _transmitLimit;
    private uint? _transmitGigawords;
    private uint? _totalLimit;
    private uint? _totalGigawords;
    private uint? _ascendTransmit;
    private uint? _wisprUp;
    private uint? _wisprDown;
    private uint _wisprMinimumUp;
    private uint _wisprMinimumDown;
    private uint? _types;

    private RadiusGrantReader()
    {
    }

    /// <summary>Whether the attribute gives something.</summary>
    public static bool Knows(RadiusAttribute attribute) => Readers.ContainsKey(attribute);

    public static RadiusGrant Read(RadiusPacket packet)
    {
        RadiusGrantReader reader = new();
        foreach (RadiusValue value in packet.Values)
        {
            if (Readers.TryGetValue(value.Attribute, out Action<RadiusGrantReader, RadiusValue>? read))
                read(reader, value);
        }
        return reader.Finish();
    }

    private RadiusGrant Finish()
    {
        if (_netmask is { } length && _address is { } address)
            _routes.Insert(0, new PppRoute(NetworkOf(address, length), IPAddress.Any, 0));
        return _grant with
        {
            RemoteAddress =
                _address is not null ? new AddressSource.Single(_address)
                : _pool is not null ? new AddressSource.Pool(_pool)
                : null,
            Routes = [.. _routes],
            Ipv6Routes = [.. _ipv6Routes],
            Classes = [.. _classes],
            AddressLists = [.. _addressLists],
            DnsServers = [.. _dns],
            WinsServers = [.. _wins],
            RateLimit = _rateLimit ?? AscendRate() ?? WisprRate(),
            LimitBytesIn = Limit(_receiveLimit, _receiveGigawords),
            LimitBytesOut = Limit(_transmitLimit, _transmitGigawords),
            LimitBytesTotal = Limit(_totalLimit, _totalGigawords),
            Encryption = _grant.Encryption ?? (_types switch
            {
                null => null,
                0 => EncryptionPolicy.No,
                _ => EncryptionPolicy.Yes,
            }),
            Mppe = StrengthsOf(_types ?? 0),
            Warnings = [.. _warnings],
        };
    }

    /// <summary>RFC 2548 §2.4.5: bit 1 is RC4 with 40 bits, bit 2 with 128; with 56 it is bit 3, as CCP has it.</summary>
    private static MppeOffer StrengthsOf(uint types) =>
        ((types & 2) != 0 ? MppeOffer.Stateless40 | MppeOffer.Stateful40 : MppeOffer.None)
        | ((types & 4) != 0 ? MppeOffer.Stateless128 | MppeOffer.Stateful128 : MppeOffer.None)
        | ((types & 8) != 0 ? MppeOffer.Stateless56 | MppeOffer.Stateful56 : MppeOffer.None);

    /// <summary>Bits a second; the first of two is toward the client. Without limit: 0.</summary>
    private RateLimit? AscendRate() => (_ascendData.Count, _ascendTransmit) switch
    {
        (0, null) => null,
        (0, { } transmit) => new RateLimit(new RatePair(0, transmit)),
        (_, { } transmit) => new RateLimit(new RatePair(_ascendData[0], transmit)),
        (1, null) => new RateLimit(new RatePair(_ascendData[0], _ascendData[0])),
        _ => new RateLimit(new RatePair(_ascendData[1], _ascendData[0])),
    };

    private RateLimit? WisprRate() => _wisprUp is null && _wisprDown is null
        ? null
        : new RateLimit(new RatePair(_wisprUp ?? 0, _wisprDown ?? 0))
        {
            MinimumRate = new RatePair(_wisprMinimumUp, _wisprMinimumDown),
        };

    /// <summary>RFC 2868 §3.1: an answer may have the session go into a tunnel of ours; this one it is in already.</summary>
    private void CheckTunnel(RadiusValue value)
    {
        if (value.AsInteger() != Pptp)
            Ignore(value, "sessions end here, and go into no other tunnel");
    }

    private static long? Limit(uint? low, uint? gigawords) =>
        low is null && gigawords is null ? null : ((long)(gigawords ?? 0) << 32) | (low ?? 0);

    private static IPNetwork NetworkOf(IPAddress address, int length) =>
        new(Ipv4Range.ToAddress(Ipv4Range.ToNumber(address) & MaskOf(length)), length);

    private static uint MaskOf(int length) => length == 0 ? 0 : uint.MaxValue << (32 - length);

    /// <summary>127/8, 224/3 and what RFC 2865 §5.8 reserves leave the choice to us.</summary>
    private void SetAddress(IPAddress address)
    {
        uint number = Ipv4Range.ToNumber(address);
        _address = number == 0 || number >> 24 == 127 || number >> 29 == 7 ? null : address;
    }

    private void SetInterfaceIdentifier(RadiusValue value)
    {
        if (value.AsInterfaceId() is { } identifier and not 0)
            _grant = _grant with { InterfaceIdentifier = identifier };
        else
            Ignore(value, value.AsInterfaceId() is null ? $"it has {value.Octets.Length} octets instead of 8" : "it is 0");
    }

    private void SetNetmask(RadiusValue value, IPAddress mask)
    {
        uint number = Ipv4Range.ToNumber(mask);
        int length = BitOperations.PopCount(number);
        if (number != MaskOf(length))
            Ignore(value, "is no netmask");
        else
            _netmask = length < 32 ? length : null;
    }

    /// <summary>A chain for both directions, or for one by its suffix; the last of each direction counts.</summary>
    private void SetFilter(string text)
    {
        string? incoming = Without(text, ".in");
        string? outgoing = Without(text, ".out");
        if (outgoing is null)
            _grant = _grant with { IncomingFilter = incoming ?? text };
        if (incoming is null)
            _grant = _grant with { OutgoingFilter = outgoing ?? text };
    }

    private static string? Without(string text, string suffix) =>
        text.Length > suffix.Length && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : null;

    private void SetRateLimit(RadiusValue value, string text)
    {
        if (RateLimit.Parse(text) is { } limit)
            _rateLimit = limit;
        else
            Ignore(value, "is no rate limit");
    }

    private void SetPolicy(RadiusValue value, uint policy)
    {
        switch (policy)
        {
            // FreeRADIUS adds one of its own to that of a user: the stricter counts.
            case 1 when _grant.Encryption == EncryptionPolicy.Required:
                break;
            case 1:
                _grant = _grant with { Encryption = EncryptionPolicy.Yes };
                break;
            case 2:
                _grant = _grant with { Encryption = EncryptionPolicy.Required };
                break;
            default:
                Ignore(value, "is neither 1 (allowed) nor 2 (required)");
                break;
        }
    }
}

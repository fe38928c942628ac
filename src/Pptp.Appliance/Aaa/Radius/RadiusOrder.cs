using System.Diagnostics.CodeAnalysis;
using System.Net;
using Pptp.Radius;
using static Pptp.Radius.RadiusAttributes;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>What a Disconnect- or CoA-Request wants, and of which sessions.</summary>
internal sealed class RadiusOrder
{
    private static readonly SessionSelector Nothing = new();

    /// <summary>What names sessions; gives null for a value that can be none's.</summary>
    private static readonly Dictionary<RadiusAttribute, Func<SessionSelector, RadiusValue, SessionSelector?>> Naming =
        new()
        {
            [AcctSessionId] = (s, v) => v.AsText() is { } text ? s with { AcctSessionId = text } : null,
            [UserName] = (s, v) => v.AsText() is { } text ? s with { User = text } : null,
            [FramedIpAddress] = (s, v) => v.AsAddress() is { } address ? s with { Address = address } : null,
            [NasPort] = (s, v) => v.AsInteger() is { } number ? s with { NasPort = number } : null,
            [CallingStationId] = (s, v) => v.AsText() is { } text ? s with { CallerId = text } : null,
            [CalledStationId] = (s, v) => v.AsText() is { } text ? s with { CalledId = text } : null,
        };

    /// <summary>
    /// What can change while a session is up. Addresses, pools and routes cannot: that wants a disconnect, as on
    /// RouterOS.
    /// </summary>
    private static readonly HashSet<RadiusAttribute> Changing =
    [
        MikrotikGroup, MikrotikRateLimit, AscendDataRate, AscendTransmitRate,
        WisprMaximumUp, WisprMaximumDown, WisprMinimumUp, WisprMinimumDown,
        MikrotikReceiveLimit, MikrotikReceiveLimitGigawords, MikrotikTransmitLimit, MikrotikTransmitLimitGigawords,
        MikrotikTotalLimit, MikrotikTotalLimitGigawords,
        FilterId, MikrotikAddressList, SessionTimeout, IdleTimeout, AcctInterimInterval, PortLimit,
    ];

    /// <summary>What neither names nor changes anything.</summary>
    private static readonly HashSet<RadiusAttribute> Idle =
        [EventTimestamp, ProxyState, RadiusAttributes.State, ServiceType, FramedProtocol, NasPortType, ReplyMessage];

    /// <summary>The same in a Disconnect-Request alone.</summary>
    private static readonly HashSet<RadiusAttribute> IdleAtTheEnd = [Class, AcctTerminateCause];

    private RadiusOrder(bool isDisconnect, SessionSelector selector, RadiusGrant grant, string changes)
    {
        IsDisconnect = isDisconnect;
        Selector = selector;
        Grant = grant;
        Changes = changes;
    }

    public bool IsDisconnect { get; }

    /// <summary>Names something.</summary>
    public SessionSelector Selector { get; }

    /// <summary>What changes.</summary>
    public RadiusGrant Grant { get; }

    /// <summary>The same for people.</summary>
    public string Changes { get; }

    /// <param name="packet">A request that is verified.</param>
    /// <param name="identity">NAS-Identifier is to be this.</param>
    /// <param name="isOurs">NAS-IP-Address is to be such.</param>
    /// <param name="order">What it wants.</param>
    /// <param name="refusal">Why it cannot be had.</param>
    public static bool TryRead(
        RadiusPacket packet, string identity, Func<IPAddress, bool> isOurs,
        [NotNullWhen(true)] out RadiusOrder? order, [NotNullWhen(false)] out RadiusRefusal? refusal)
    {
        order = null;
        bool isDisconnect = packet.Code == RadiusCode.DisconnectRequest;
        SessionSelector? selector = Nothing;
        List<RadiusValue> changing = [];
        // RFC 5176 §3: what is not supported is not passed over.
        refusal = packet.FirstUnknown is { } unknown ? Unsupported(unknown) : null;
        foreach (RadiusValue value in packet.Values)
        {
            if (refusal is not null)
                return false;
            if (Naming.TryGetValue(value.Attribute, out Func<SessionSelector, RadiusValue, SessionSelector?>? name))
            {
                selector = name(selector, value);
                if (selector is null)
                {
                    refusal = Invalid($"{value} is none");
                    return false;
                }
            }
            else if (IsOfNas(value.Attribute))
            {
                refusal = IsOurs(value, identity, isOurs)
                    ? null
                    : new RadiusRefusal(DynamicAuthorizationError.NasIdentificationMismatch, $"{value} is not ours");
            }
            else if (!isDisconnect && Changing.Contains(value.Attribute))
            {
                changing.Add(value);
            }
            else if (!Idle.Contains(value.Attribute) && !(isDisconnect && IdleAtTheEnd.Contains(value.Attribute)))
            {
                refusal = Unsupported(value.ToString());
            }
        }
        RadiusGrant grant = isDisconnect ? new RadiusGrant() : RadiusGrantReader.Read(packet);
        refusal ??=
            selector == Nothing ? Missing("it names no session")
            : isDisconnect ? null
            : changing.Count == 0 ? Missing("it changes nothing")
            : grant.Warnings.Count > 0 ? Invalid(grant.Warnings[0])
            : null;
        if (refusal is null)
            order = new RadiusOrder(isDisconnect, selector, grant, string.Join(", ", changing));
        return order is not null;
    }

    private static bool IsOfNas(RadiusAttribute attribute) =>
        attribute == NasIdentifier || attribute == NasIpAddress || attribute == NasIpv6Address;

    private static bool IsOurs(RadiusValue value, string identity, Func<IPAddress, bool> isOurs) =>
        value.Attribute == NasIdentifier
            ? value.AsText() == identity
            : value.AsAddress() is { } address && isOurs(address);

    private static RadiusRefusal Unsupported(string what) =>
        new(DynamicAuthorizationError.UnsupportedAttribute, $"{what} cannot be had while a session is up");

    private static RadiusRefusal Missing(string why) => new(DynamicAuthorizationError.MissingAttribute, why);

    private static RadiusRefusal Invalid(string why) => new(DynamicAuthorizationError.InvalidAttributeValue, why);
}

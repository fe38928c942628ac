using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Pptp.Appliance.Aaa.Radius;
using Pptp.Appliance.State;
using Pptp.Model;
using Pptp.Radius;

namespace Pptp.Appliance.Aaa.Accounting;

/// <summary>Puts reports into RADIUS' terms.</summary>
internal static class AccountingRequests
{
    // RFC 2865 §5.6, §5.7, §5.41
    private const uint Framed = 2;
    private const uint Ppp = 1;
    private const uint Virtual = 5;

    // RFC 2866 §5.6
    private const uint AuthenticByRadius = 1;
    private const uint AuthenticByUs = 2;

    /// <summary>A blob's entry: vendor, type and length, then the value.</summary>
    private const int EntryHead = sizeof(uint) + sizeof(byte) + sizeof(byte);

    /// <summary>What every record of a session has, first as the Access-Request has it.</summary>
    public static byte[] DescribeSession(AccountedSession session, PptpConfiguration configuration)
    {
        List<RadiusValue> values =
        [
            RadiusValue.Of(RadiusAttributes.ServiceType, Framed),
            RadiusValue.Of(RadiusAttributes.FramedProtocol, Ppp),
            RadiusValue.Of(RadiusAttributes.NasPort, session.Identity.NasPort),
            RadiusValue.Of(RadiusAttributes.NasPortType, Virtual),
            RadiusValue.Of(RadiusAttributes.UserName, session.User),
            RadiusValue.Of(RadiusAttributes.CallingStationId, $"{session.CallerId}"),
            RadiusValue.Of(RadiusAttributes.CalledStationId, $"{session.CalledId}"),
        ];
        if (new RadiusQuery(session.LoginName, session.CalledId).Domain is { } domain
            && Encoding.UTF8.GetByteCount(domain) <= RadiusValue.MaximumVendorLength)
        {
            values.Add(RadiusValue.Of(RadiusAttributes.MikrotikRealm, domain));
        }
        values.Add(RadiusValue.Of(
            RadiusAttributes.AcctAuthentic, session.IsOfRadius ? AuthenticByRadius : AuthenticByUs));
        values.AddRange(session.Classes.Select(octets => new RadiusValue(RadiusAttributes.Class, octets)));
        if (session.Address.AddressFamily == AddressFamily.InterNetwork)
            values.Add(RadiusValue.Of(RadiusAttributes.FramedIpAddress, session.Address));
        if (configuration.PppAaa.EnableIpv6Accounting && session.Ipv6Prefix is { } prefix)
            values.Add(RadiusValue.Of(RadiusAttributes.FramedIpv6Prefix, prefix.Address, prefix.Length));
        values.Add(Identify(configuration));
        return Pack(values);
    }

    /// <summary>What the reports of the daemon's start and stop have.</summary>
    public static byte[] DescribeServer(PptpConfiguration configuration) => Pack([Identify(configuration)]);

    /// <param name="row">Whose report it is.</param>
    /// <param name="record">The report.</param>
    /// <param name="now">The wall clock's time, which the delay is told by.</param>
    public static RadiusRequest Create(AccountingRow row, AccountingRecord record, DateTimeOffset now)
    {
        AccountingProgress figures = record.Figures;
        long delay = Math.Clamp((long)(now - figures.At).TotalSeconds, 0, uint.MaxValue);
        List<RadiusValue> values =
        [
            RadiusValue.Of(RadiusAttributes.AcctStatusType, (uint)record.StatusType),
            RadiusValue.Of(RadiusAttributes.AcctSessionId, row.Id),
            .. Unpack(row.Attributes),
            RadiusValue.Of(RadiusAttributes.EventTimestamp, (uint)figures.At.ToUnixTimeSeconds()),
        ];
        if (record.StatusType is AccountingStatusType.InterimUpdate or AccountingStatusType.Stop)
        {
            values.AddRange(
            [
                RadiusValue.Of(RadiusAttributes.AcctSessionTime, (uint)Math.Min(figures.SessionSeconds, uint.MaxValue)),
                RadiusValue.Of(RadiusAttributes.AcctInputOctets, unchecked((uint)figures.InputOctets)),
                RadiusValue.Of(RadiusAttributes.AcctInputGigawords, (uint)(figures.InputOctets >> 32)),
                RadiusValue.Of(RadiusAttributes.AcctInputPackets, unchecked((uint)figures.InputPackets)),
                RadiusValue.Of(RadiusAttributes.AcctOutputOctets, unchecked((uint)figures.OutputOctets)),
                RadiusValue.Of(RadiusAttributes.AcctOutputGigawords, (uint)(figures.OutputOctets >> 32)),
                RadiusValue.Of(RadiusAttributes.AcctOutputPackets, unchecked((uint)figures.OutputPackets)),
            ]);
        }
        if (record.Cause is { } cause)
            values.Add(RadiusValue.Of(RadiusAttributes.AcctTerminateCause, cause));
        values.Add(RadiusValue.Of(RadiusAttributes.AcctDelayTime, (uint)delay));
        return new RadiusRequest(RadiusCode.AccountingRequest, values);
    }

    private static RadiusValue Identify(PptpConfiguration configuration) =>
        RadiusValue.Of(RadiusAttributes.NasIdentifier, configuration.System.Identity);

    private static byte[] Pack(IReadOnlyList<RadiusValue> values)
    {
        byte[] packed = new byte[values.Sum(value => EntryHead + value.Octets.Length)];
        Span<byte> left = packed;
        foreach (RadiusValue value in values)
        {
            BinaryPrimitives.WriteUInt32BigEndian(left, value.Attribute.Vendor);
            left[4] = value.Attribute.Type;
            left[5] = (byte)value.Octets.Length;
            value.Octets.Span.CopyTo(left[EntryHead..]);
            left = left[(EntryHead + value.Octets.Length)..];
        }
        return packed;
    }

    /// <summary>What is cut short, or no longer known, is left out.</summary>
    private static List<RadiusValue> Unpack(byte[] packed)
    {
        List<RadiusValue> values = [];
        ReadOnlyMemory<byte> left = packed;
        while (left.Length >= EntryHead)
        {
            uint vendor = BinaryPrimitives.ReadUInt32BigEndian(left.Span);
            int length = left.Span[5];
            if (left.Length < EntryHead + length)
                break;
            if (RadiusAttributes.Find(vendor, left.Span[4]) is { } attribute)
                values.Add(new RadiusValue(attribute, left.Slice(EntryHead, length)));
            left = left[(EntryHead + length)..];
        }
        return values;
    }
}

using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

/// <summary>Each of the fifteen messages beside its octets, laid out by hand from RFC 2637 §2.1 to §2.15.</summary>
internal static class ControlVectors
{
    public static readonly (ControlMessage Message, byte[] Bytes)[] All =
    [
        (new StartControlConnectionRequest
        {
            FramingCapabilities = 3,
            BearerCapabilities = 3,
            MaximumChannels = 0xFFFF,
            FirmwareRevision = 1,
            HostName = "local",
            VendorName = "cananian",
        },
        ControlBytes.Parse("""
            009c 0001 1a2b3c4d 0001 0000 0100 0000 00000003 00000003 ffff 0001 'local'*64 'cananian'*64
            """)),
        (new StartControlConnectionReply
        {
            ResultCode = StartControlConnectionResult.ChannelAlreadyExists,
            ErrorCode = ControlError.BadValue,
            FramingCapabilities = 1,
            BearerCapabilities = 2,
            MaximumChannels = 0x0102,
            FirmwareRevision = 0x0304,
            HostName = "tower",
            VendorName = "pptpd",
        },
        ControlBytes.Parse("""
            009c 0001 1a2b3c4d 0002 0000 0100 03 03 00000001 00000002 0102 0304 'tower'*64 'pptpd'*64
            """)),
        (new StopControlConnectionRequest { Reason = StopControlConnectionReason.StopLocalShutdown },
        ControlBytes.Parse("0010 0001 1a2b3c4d 0003 0000 03 00 0000")),
        (new StopControlConnectionReply
        {
            ResultCode = StopControlConnectionResult.GeneralError,
            ErrorCode = ControlError.PacError,
        },
        ControlBytes.Parse("0010 0001 1a2b3c4d 0004 0000 02 06 0000")),
        (new EchoRequest { Identifier = 0xDEADBEEF },
        ControlBytes.Parse("0010 0001 1a2b3c4d 0005 0000 deadbeef")),
        (new EchoReply { Identifier = 0xDEADBEEF, ResultCode = EchoResult.Ok },
        ControlBytes.Parse("0014 0001 1a2b3c4d 0006 0000 deadbeef 01 00 0000")),
        (new OutgoingCallRequest
        {
            CallId = 0xE60C,
            CallSerialNumber = 0x0102,
            MinimumBps = 2400,
            MaximumBps = 10_000_000,
            BearerType = 3,
            FramingType = 2,
            PacketReceiveWindowSize = 3,
            PacketProcessingDelay = 7,
            PhoneNumber = "RELAY_PPP1",
            Subaddress = "sub",
        },
        ControlBytes.Parse("""
            00a8 0001 1a2b3c4d 0007 0000 e60c 0102 00000960 00989680 00000003 00000002 0003 0007
            000a 0000 'RELAY_PPP1'*64 'sub'*64
            """)),
        (new OutgoingCallReply
        {
            CallId = 0x4242,
            PeersCallId = 0xE60C,
            ResultCode = OutgoingCallResult.Connected,
            CauseCode = 0x1122,
            ConnectSpeed = 100_000_000,
            PacketReceiveWindowSize = 64,
            PacketProcessingDelay = 1,
            PhysicalChannelId = 9,
        },
        ControlBytes.Parse("0020 0001 1a2b3c4d 0008 0000 4242 e60c 01 00 1122 05f5e100 0040 0001 00000009")),
        (new IncomingCallRequest
        {
            CallId = 1,
            CallSerialNumber = 2,
            CallBearerType = 1,
            PhysicalChannelId = 4,
            DialedNumber = "5550100",
            DialingNumber = "5550",
            Subaddress = "x",
        },
        ControlBytes.Parse("""
            00dc 0001 1a2b3c4d 0009 0000 0001 0002 00000001 00000004 0007 0004
            '5550100'*64 '5550'*64 'x'*64
            """)),
        (new IncomingCallReply
        {
            CallId = 0x0A0B,
            PeersCallId = 1,
            ResultCode = IncomingCallResult.DoNotAccept,
            PacketReceiveWindowSize = 16,
            PacketTransmitDelay = 2,
        },
        ControlBytes.Parse("0018 0001 1a2b3c4d 000a 0000 0a0b 0001 03 00 0010 0002 0000")),
        (new IncomingCallConnected
        {
            PeersCallId = 0x0A0B,
            ConnectSpeed = 64_000,
            PacketReceiveWindowSize = 8,
            PacketTransmitDelay = 3,
            FramingType = 1,
        },
        ControlBytes.Parse("001c 0001 1a2b3c4d 000b 0000 0a0b 0000 0000fa00 0008 0003 00000001")),
        (new CallClearRequest { CallId = 0xE60C },
        ControlBytes.Parse("0010 0001 1a2b3c4d 000c 0000 e60c 0000")),
        (new CallDisconnectNotify
        {
            CallId = 0x4242,
            ResultCode = CallDisconnectResult.GeneralError,
            ErrorCode = ControlError.NoResource,
            CauseCode = 0x0011,
            CallStatistics = "rx=1,tx=2",
        },
        ControlBytes.Parse("0094 0001 1a2b3c4d 000d 0000 4242 02 04 0011 0000 'rx=1,tx=2'*128")),
        (new WanErrorNotify
        {
            PeersCallId = 0xE60C,
            CrcErrors = 1,
            FramingErrors = 2,
            HardwareOverruns = 3,
            BufferOverruns = 4,
            TimeoutErrors = 5,
            AlignmentErrors = 6,
        },
        ControlBytes.Parse("""
            0028 0001 1a2b3c4d 000e 0000 e60c 0000 00000001 00000002 00000003 00000004 00000005 00000006
            """)),
        (new SetLinkInfo { PeersCallId = 0x4242, SendAccm = 0xFFFFFFFF, ReceiveAccm = 0x000A0000 },
        ControlBytes.Parse("0018 0001 1a2b3c4d 000f 0000 4242 0000 ffffffff 000a0000")),
    ];

    public static IEnumerable<TestCaseData> Cases =>
        All.Select(v => new TestCaseData(v.Message, v.Bytes).SetArgDisplayNames(v.Message.Type.ToString()));

    public static byte[] Of(ControlMessageType type) => All.Single(v => v.Message.Type == type).Bytes;
}

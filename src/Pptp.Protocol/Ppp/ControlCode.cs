namespace Pptp.Protocol.Ppp;

/// <summary>The codes of LCP and NCP packets (RFC 1661 §5, RFC 1570 §1, RFC 1962 §3).</summary>
internal static class ControlCode
{
    public const byte ConfigureRequest = 1;
    public const byte ConfigureAck = 2;
    public const byte ConfigureNak = 3;
    public const byte ConfigureReject = 4;
    public const byte TerminateRequest = 5;
    public const byte TerminateAck = 6;
    public const byte CodeReject = 7;
    public const byte ProtocolReject = 8;
    public const byte EchoRequest = 9;
    public const byte EchoReply = 10;
    public const byte DiscardRequest = 11;
    public const byte Identification = 12;
    public const byte TimeRemaining = 13;
    public const byte ResetRequest = 14;
    public const byte ResetAck = 15;

    /// <summary>Code, identifier and length.</summary>
    public const int HeaderLength = 4;
}

namespace Pptp.Protocol.Control;

/// <summary>Bits of the framing and bearer fields of RFC 2637 §2. A tunnel has no modem: both are ornaments.</summary>
public static class ControlCapabilities
{
    public const uint AsynchronousFraming = 1;
    public const uint SynchronousFraming = 2;
    public const uint EitherFraming = AsynchronousFraming | SynchronousFraming;

    public const uint AnalogBearer = 1;
    public const uint DigitalBearer = 2;
    public const uint EitherBearer = AnalogBearer | DigitalBearer;
}

namespace Pptp.Protocol.Control;

/// <summary>What one end of a control connection says of itself, and how long it waits.</summary>
public sealed record ControlConnectionOptions
{
    /// <summary>At most 64 octets of Latin-1 go on the wire.</summary>
    public string HostName { get; init; } = "";

    /// <summary>At most 64 octets of Latin-1 go on the wire.</summary>
    public string VendorName { get; init; } = "";
    public ushort FirmwareRevision { get; init; } = 1;

    /// <summary>
    /// Calls of the peer's one connection may carry at a time, undecided ones included; further ones are refused.
    /// What we dial ourselves is not held by it: 0 for an end that only dials (RFC 2637 §2.1).
    /// </summary>
    public ushort MaximumChannels { get; init; } = 64;

    /// <summary>Packets per call we are willing to buffer, told to the peer.</summary>
    public ushort ReceiveWindowSize { get; init; } = 64;

    /// <summary>
    /// Line speed told to the peer, bits per second, bent into the range its request asks for.
    /// Nothing is slowed down by it; Windows shows it as the speed of the connection.
    /// </summary>
    public uint ConnectSpeed { get; init; } = 100_000_000;

    /// <summary>
    /// Told with each call we dial: any text, at most 64 octets. A PAC behind another network may choose by it.
    /// </summary>
    public string PhoneNumber { get; init; } = "";

    /// <summary>Time for the Start-Control-Connection-Request, or its reply, to arrive (RFC 2637 §3.1.4).</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Silence after which we send an Echo-Request (RFC 2637 §3.1.4); zero: never.</summary>
    public TimeSpan EchoInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for the peer to show life after our Echo-Request (RFC 2637 §3.1.4).</summary>
    public TimeSpan EchoTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time a call may stay in a state of transition (RFC 2637 §3.2.1).</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for the peer to answer our Stop-Control-Connection-Request: our own choice.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

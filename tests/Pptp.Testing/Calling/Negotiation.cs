namespace Pptp.Testing.Calling;

/// <summary>
/// One control protocol of a caller that agrees to everything: it acknowledges what the server asks for, and takes
/// whatever the server makes of its own request. Not the automaton of RFC 1661, and meant to be as far from it as a
/// caller can be that still comes up.
/// </summary>
/// <param name="insists">Asks for the same again when the server suggests something else.</param>
internal sealed class Negotiation(ushort protocol, List<(byte Type, byte[] Data)> options, bool insists = false)
{
    private byte _identifier;

    public ushort Protocol { get; } = protocol;

    /// <summary>Our request went out at least once.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The server acknowledged our request.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>We acknowledged the server's.</summary>
    public bool HasAgreed { get; set; }

    public bool IsOpen => IsAccepted && HasAgreed;

    /// <summary>What we ask for, and in the end have.</summary>
    public IReadOnlyList<(byte Type, byte[] Data)> Options => options;

    /// <summary>A new request.</summary>
    public byte[] Request()
    {
        HasStarted = true;
        IsAccepted = false;
        _identifier++;
        return Repeat();
    }

    /// <summary>The same request again.</summary>
    public byte[] Repeat() =>
        PppWire.Packet(PppWire.ConfigureRequest, _identifier, PppWire.WriteOptions(options));

    /// <summary>Takes an Ack, Nak or Reject. Null: nothing to send; else the next request.</summary>
    public byte[]? Answered(ReadOnlySpan<byte> packet)
    {
        if (packet[1] != _identifier || !HasStarted)
            return null;
        List<(byte Type, byte[] Data)> told = PppWire.ReadOptions(packet[4..]);
        switch (packet[0])
        {
            case PppWire.ConfigureAck:
                IsAccepted = true;
                return null;
            case PppWire.ConfigureNak when insists:
                return Request();
            case PppWire.ConfigureNak:
                foreach ((byte type, byte[] data) in told)
                {
                    int at = options.FindIndex(option => option.Type == type);
                    if (at >= 0)
                        options[at] = (type, data);
                }

                return Request();
            default:
                options.RemoveAll(option => told.Any(rejected => rejected.Type == option.Type));
                return Request();
        }
    }
}

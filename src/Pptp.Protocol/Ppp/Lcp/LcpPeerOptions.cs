namespace Pptp.Protocol.Ppp.Lcp;

/// <summary>What the peer asked for and got; the initial values are the RFC's defaults.</summary>
internal sealed record LcpPeerOptions
{
    public const int DefaultMru = 1500;

    public int Mru { get; init; } = DefaultMru;

    public uint? Accm { get; init; }

    /// <summary>Zero when the peer did not negotiate one.</summary>
    public uint MagicNumber { get; init; }

    /// <summary>The method the peer wants us to log in by.</summary>
    public AuthenticationMethod? Method { get; init; }

    public bool ProtocolCompression { get; init; }

    public bool AddressCompression { get; init; }

    /// <summary>Null: the peer takes no multilink fragments.</summary>
    public int? Mrru { get; init; }

    public bool ShortSequenceNumbers { get; init; }
}

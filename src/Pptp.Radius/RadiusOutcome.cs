namespace Pptp.Radius;

/// <summary>What became of a request.</summary>
public abstract record RadiusOutcome
{
    private RadiusOutcome()
    {
    }

    /// <summary>The server has answered, and the answer is verified.</summary>
    public sealed record Reply : RadiusOutcome
    {
        private readonly byte[] _authenticator;
        private readonly ReadOnlyMemory<byte> _secret;

        /// <param name="packet">Verified.</param>
        /// <param name="roundTrip">Since the request was first sent.</param>
        /// <param name="authenticator">Of the request, 16 octets.</param>
        /// <param name="secret">Shared with the server.</param>
        public Reply(RadiusPacket packet, TimeSpan roundTrip, byte[] authenticator, ReadOnlyMemory<byte> secret)
        {
            Packet = packet;
            RoundTrip = roundTrip;
            _authenticator = authenticator;
            _secret = secret;
        }

        public RadiusPacket Packet { get; }

        /// <summary>Since the request was first sent.</summary>
        public TimeSpan RoundTrip { get; }

        /// <summary>The key or password under a salt (RFC 2548 §2.4.2, RFC 2868 §3.5); null: there is none, or it cannot be read.</summary>
        public byte[]? ReadKey(RadiusAttribute attribute) =>
            Packet.Find(attribute) is { } value
            && RadiusCrypto.TryReadSalted(value.Body.Span, _secret.Span, _authenticator, out byte[]? key)
                ? key
                : null;

        /// <summary>MS-CHAP-MPPE-Keys (RFC 2548 §2.4.1), 32 octets; null: there are none, or of another length.</summary>
        public byte[]? ReadChapKeys() =>
            Packet.Find(RadiusAttributes.MsChapMppeKeys) is { } value
            && RadiusCrypto.TryReadChapKeys(value.Octets.Span, _secret.Span, _authenticator, out byte[]? keys)
                ? keys
                : null;

        public override string ToString() => $"{Packet.Code}";
    }

    /// <summary>No good answer has come to any try.</summary>
    /// <param name="LastBad">What was wrong with the last that came; null: none came.</param>
    public sealed record Silent(BadReply? LastBad) : RadiusOutcome;

    /// <summary>It could not be sent.</summary>
    /// <param name="Why">In the system's words.</param>
    public sealed record Failed(string Why) : RadiusOutcome;
}

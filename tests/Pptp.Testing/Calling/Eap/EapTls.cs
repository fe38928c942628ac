using System.Buffers.Binary;
using Pptp.Protocol.Mppe;
using Pptp.Testing.Radius;

namespace Pptp.Testing.Calling.Eap;

/// <summary>EAP-TLS (RFC 5216) with TLS 1.2.</summary>
internal sealed class EapTls : EapMethod
{
    // §3.1.
    private const byte LengthIncluded = 0x80;
    private const byte MoreFragments = 0x40;

    private const int HalfOfKey = 32;

    private readonly TlsClient _tls;
    private readonly int _fragment;
    private readonly List<byte> _received = [];
    private ReadOnlyMemory<byte> _left;

    /// <param name="own">Certificate, key, and who has to have signed the server's.</param>
    /// <param name="fragment">Octets of TLS in one packet at most.</param>
    public EapTls(CertificateFiles own, int fragment)
        : base(13)
    {
        _tls = new TlsClient(own);
        _fragment = fragment;
    }

    public override bool IsDone => _tls.IsDone;

    public override byte[] Answer(byte identifier, ReadOnlySpan<byte> data)
    {
        byte flags = data[0];
        _received.AddRange((flags & LengthIncluded) != 0 ? data[5..] : data[1..]);
        if ((flags & MoreFragments) != 0)
            return [0];
        if (_left.IsEmpty)
        {
            byte[] flight = _tls.Continue([.. _received]);
            _received.Clear();
            _left = flight;
            return flight.Length == 0 ? [0] : Next(flight.Length);
        }

        // §2.1.5: what asks for the next fragment is empty.
        return Next(null);
    }

    /// <summary>§2.3: the first half of the master session key is for what the peer sends, the second for the server's.</summary>
    public override MppeStartKeys DeriveKeys()
    {
        byte[] key = _tls.Export("client EAP encryption", 2 * HalfOfKey);
        return new MppeStartKeys(
            key.AsSpan(0, MppeStartKeys.KeyLength), key.AsSpan(HalfOfKey, MppeStartKeys.KeyLength));
    }

    public override void Dispose() => _tls.Dispose();

    /// <param name="all">Of the flight that begins; null: it goes on.</param>
    private byte[] Next(int? all)
    {
        ReadOnlyMemory<byte> part = _left[..Math.Min(_fragment, _left.Length)];
        _left = _left[part.Length..];
        byte more = _left.IsEmpty ? (byte)0 : MoreFragments;
        if (all is not { } length)
            return [more, .. part.Span];
        byte[] head = new byte[5];
        head[0] = (byte)(more | LengthIncluded);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), length);
        return [.. head, .. part.Span];
    }
}

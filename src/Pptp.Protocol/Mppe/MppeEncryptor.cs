using System.Buffers.Binary;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// Encrypts what one side sends (RFC 3078). Makes no object per packet. One owner, no locking.
/// </summary>
public sealed class MppeEncryptor : IMppeKeys, IDisposable
{
    /// <summary>Bytes a packet grows by: the header. The protocol number 0x00FD before it is the caller's.</summary>
    public const int Overhead = MppeHeader.Length;

    private readonly MppeKeyChain _keys;
    private readonly Rc4 _cipher = new();
    private int _count;
    private bool _flush;

    /// <param name="startKey">RFC 3079's start key for sending, 16 bytes; copied.</param>
    /// <param name="strength">The strength CCP agreed on.</param>
    /// <param name="stateless">True when CCP agreed on the H bit: a new key for every packet.</param>
    public MppeEncryptor(ReadOnlySpan<byte> startKey, MppeStrength strength, bool stateless)
    {
        _keys = new MppeKeyChain(startKey, strength);
        IsStateless = stateless;
        if (!stateless)
            _cipher.Initialize(_keys.Key);
    }

    /// <summary>A new key for every packet: the caller may also make the keys itself, with <see cref="WriteHeader"/>.</summary>
    public bool IsStateless { get; }

    public MppeStrength Strength => _keys.Strength;

    /// <summary>
    /// Writes the header, <see cref="Overhead"/> bytes, of the next packet of a stateless link, whose key is one step
    /// further. The caller makes that key and calls <see cref="MoveTo"/> before the next <see cref="Encrypt"/>.
    /// </summary>
    public void WriteHeader(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(
            destination, (ushort)(MppeHeader.Encrypted | MppeHeader.Flushed | _count));
        _count = (_count + 1) & MppeHeader.CountMask;
    }

    public void CopyKeyMaterial(Span<byte> destination) => _keys.CopyMaterial(destination);

    public void MoveTo(ReadOnlySpan<byte> key) => _keys.Restore(key);

    /// <summary>
    /// Encrypts one PPP frame from its protocol field on (one or two bytes, then the information).
    /// </summary>
    /// <param name="protocolAndInformation">
    /// RFC 3078 §3: only protocols 0x0021 to 0x00FA are to be encrypted; the caller sends others in the clear.
    /// </param>
    /// <param name="destination">
    /// Takes the MPPE header and the ciphertext. May overlap the source when it begins at least
    /// <see cref="Overhead"/> bytes before it.
    /// </param>
    /// <returns>Bytes written: the length of the input and <see cref="Overhead"/>.</returns>
    public int Encrypt(ReadOnlySpan<byte> protocolAndInformation, Span<byte> destination)
    {
        int length = protocolAndInformation.Length + Overhead;
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, length);

        int header = MppeHeader.Encrypted | _count;
        if (IsStateless || _flush || (_count & 0xFF) == MppeHeader.FlagCount)
        {
            // RFC 3078 §7: a new key before the packet, and the receiver is told so. After a Reset-Request the
            // key changes as well, as Linux does it and expects it. The very first packet of a stateful link goes
            // without the bit for the same reason: Linux would change its key on it.
            _keys.Advance();
            _cipher.Initialize(_keys.Key);
            header |= MppeHeader.Flushed;
            _flush = false;
        }
        _count = (_count + 1) & MppeHeader.CountMask;

        _cipher.Transform(protocolAndInformation, destination[Overhead..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)header);
        return length;
    }

    /// <summary>
    /// The peer sent a CCP Reset-Request: the next packet starts a new key and says so. Several requests before that
    /// packet count as one. Nothing to do on a stateless link.
    /// </summary>
    public void Reset() => _flush = true;

    /// <summary>Zeroes all keys. No further call is meaningful.</summary>
    public void Dispose()
    {
        _keys.Dispose();
        _cipher.Dispose();
    }
}

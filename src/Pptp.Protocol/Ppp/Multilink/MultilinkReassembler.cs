using System.Buffers.Binary;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp.Lcp;

namespace Pptp.Protocol.Ppp.Multilink;

/// <summary>
/// Puts the packets of a bundle of one link together again (RFC 1990 §3). The link hands fragments over in the order
/// they were sent, so nothing has to wait for another: a number that is not the next one means that a fragment is lost,
/// and its packet with it; the next fragment that begins a packet is a new start, whatever its number.
/// </summary>
/// <remarks>
/// At most one packet is kept, in memory that grows with what has arrived and no further than the longest packet we
/// take. One owner, no locking.
/// </remarks>
public sealed class MultilinkReassembler
{
    /// <summary>A packet of more fragments than this is given up.</summary>
    public const int MostFragments = 1024;

    /// <summary>A packet that is not whole after this time is given up when its next fragment comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A protocol number in its longest form, and what encryption puts before a packet that was as long as it may be.
    private const int Slack = (2 * PppFrame.MaximumHeaderLength) + MppeEncryptor.Overhead;

    private const int FirstRoom = 2048;

    private readonly int _limit;
    private byte[] _packet = [];
    private State _state;
    private int _length;
    private int _fragments;
    private uint _next;
    private TimeSpan _begun;

    /// <param name="mrru">What we have told the peer, in octets. RFC 1990 §5.1.1: 1500 are taken in any case.</param>
    public MultilinkReassembler(int mrru)
    {
        _limit = Math.Max(mrru, LcpPeerOptions.DefaultMru) + Slack;
    }

    private enum State
    {
        Idle,
        Begun,

        /// <summary>What comes belongs to a packet that is lost.</summary>
        Skipping,
    }

    /// <summary>Packets that were given up: a fragment was lost, or they were too long, or took too long.</summary>
    public long Discarded { get; private set; }

    /// <summary>Octets of memory taken.</summary>
    public int Memory => _packet.Length;

    /// <summary>Takes the next fragment.</summary>
    /// <param name="information">What follows the protocol number 0x003D.</param>
    /// <param name="now">The time.</param>
    /// <param name="packet">
    /// The packet that has become whole, from its protocol number on. Good until the next call, and as long as
    /// <paramref name="information"/> is.
    /// </param>
    /// <returns>Whether there is one.</returns>
    public bool TryAdd(ReadOnlySpan<byte> information, TimeSpan now, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (information.Length < MultilinkHeader.LongLength)
        {
            GiveUp();
            return false;
        }
        bool begins = (information[0] & MultilinkHeader.Beginning) != 0;
        bool ends = (information[0] & MultilinkHeader.Ending) != 0;
        uint sequence = BinaryPrimitives.ReadUInt32BigEndian(information) & MultilinkHeader.LongMask;
        ReadOnlySpan<byte> piece = information[MultilinkHeader.LongLength..];
        if (begins)
            Begin(now);
        else if (_state == State.Idle
            || (_state == State.Begun && (sequence != _next || now - _begun > Patience)))
            GiveUp();

        if (_state == State.Begun)
        {
            _next = (sequence + 1) & MultilinkHeader.LongMask;
            if (begins && ends && piece.Length <= _limit)
                packet = piece;
            else if (Append(piece) && ends)
                packet = _packet.AsSpan(0, _length);
        }
        if (ends)
            _state = State.Idle;
        return !packet.IsEmpty;
    }

    private void Begin(TimeSpan now)
    {
        if (_state == State.Begun)
            Discarded++;
        _state = State.Begun;
        _begun = now;
        _length = 0;
        _fragments = 0;
    }

    private bool Append(ReadOnlySpan<byte> piece)
    {
        int length = _length + piece.Length;
        if (length > _limit || ++_fragments > MostFragments)
        {
            GiveUp();
            return false;
        }
        if (length > _packet.Length)
            Array.Resize(ref _packet, Math.Min(_limit, Math.Max(FirstRoom, 2 * length)));
        piece.CopyTo(_packet.AsSpan(_length));
        _length = length;
        return true;
    }

    private void GiveUp()
    {
        if (_state != State.Skipping)
            Discarded++;
        _state = State.Skipping;
    }
}

using Pptp.Appliance.DataPlane.Mppe;
using Pptp.Linux;
using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Appliance.DataPlane;

/// <content>
/// Packets that are worked on together: handed over by the dispatcher, decrypted in batches, written in super-packets.
/// </content>
internal sealed partial class DataPath
{
    private MppeTicket _receiveTicket;

    // Packets in the receive queue, the place of the last, and whether one of them was not what it was taken for.
    private int _waiting;
    private long _lastWaiting;
    private bool _isAstray;

    // Octets that the coalescer has not written yet.
    private long _unwritten;

    // Counted by the dispatcher.
    private long _refused;

    /// <summary>Packets of this call on the short way to the worker.</summary>
    public HandOverShare Sparse { get; } = new();

    /// <summary>Packets of this call on the long way to the worker.</summary>
    public HandOverShare Bulk { get; } = new();

    /// <summary>There was no room on the way: the packet is lost.</summary>
    public void OnRefused() => Volatile.Write(ref _refused, _refused + 1);

    public TunWriteResult Write(ReadOnlySpan<byte> headerAndPacket) => _open!.Tun.Write(headerAndPacket);

    public void OnWritten(int packets, int octets, bool areIn)
    {
        _unwritten -= octets;
        if (!areIn)
        {
            _dropped += packets;
            return;
        }
        _rxPackets += packets;
        _rxBytes += octets;
    }

    /// <summary>
    /// A packet was decrypted with the key it was expected to have. If it is none, something was forged: then this one
    /// and those that were decrypted after it are taken by the plain way.
    /// </summary>
    public void TakeDecrypted(
        ReadOnlySpan<byte> mppe, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> key, long place, TimeSpan now)
    {
        _waiting--;
        bool isAstray = _isAstray;
        _isAstray &= _waiting > 0;
        if (IsHalted || _open is not { Decryptor: { } decryptor } open)
        {
            _dropped++;
            return;
        }
        if (isAstray || !decryptor.TryAccept(plaintext, key))
        {
            _isAstray = _waiting > 0;
            ReceiveData(open, PppProtocol.Compressed, mppe, place, now);
            return;
        }
        _places.Accept(place);
        _unresolvable = 0;
        if (PppFrame.TryParse(plaintext, out ushort protocol, out int at) && Carries(protocol))
            ReceivePacket(open, protocol, plaintext[at..], now);
        else
            _dropped++;
    }

    /// <summary>Whether the packet's key is foreseeable; then it waits for others.</summary>
    private bool TryDecryptLater(ReadOnlySpan<byte> mppe, long place, TimeSpan now)
    {
        if (IsHalted || _open is not { Decryptor: { } decryptor })
            return false;
        if (tools.Receive.IsFull)
            tools.Receive.Complete(now);
        long missing = _waiting > 0 ? place - _lastWaiting - 1 : _places.MissingBefore(place);
        if (missing is < 0 or > MppeDecryptor.MaximumGap || !decryptor.IsExpected(mppe, _waiting))
            return false;
        if (!tools.Receive.TryAdd(this, ref _receiveTicket, decryptor, mppe, place))
            return false;
        _waiting++;
        _lastWaiting = place;
        return true;
    }

    private void CompleteReceive(TimeSpan now)
    {
        if (_waiting > 0)
            tools.Receive.Complete(now);
    }
}

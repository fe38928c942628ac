namespace Pptp.Protocol.Control;

/// <summary>
/// Cuts a TCP stream into control messages, whatever the pieces it arrives in. Holds at most one message
/// (<see cref="ControlMessageCodec.MaximumLength"/> octets); an error shows at the first octet that proves it.
/// After an error the stream cannot be trusted again: every further read gives the same error.
/// </summary>
public sealed class ControlMessageReader
{
    private readonly byte[] _pending = new byte[ControlMessageCodec.MaximumLength];
    private int _count;
    private ControlDecodeError _error;

    /// <summary>Octets of an unfinished message that are waiting for the rest.</summary>
    public int Pending => _count;

    /// <summary>
    /// Takes octets from the front of <paramref name="input"/> until one message is whole.
    /// With <see cref="ControlDecodeError.None"/> and no message, all input was taken and more is needed.
    /// </summary>
    public ControlDecodeError Read(ref ReadOnlySpan<byte> input, out ControlMessage? message)
    {
        message = null;
        if (_error != ControlDecodeError.None)
            return _error;

        // First the header alone: it says how much the rest is, and most rubbish ends here.
        Take(ref input, ControlMessageCodec.HeaderLength);
        _error = ControlMessageCodec.CheckPrefix(_pending.AsSpan(0, _count));
        if (_error != ControlDecodeError.None || _count < ControlMessageCodec.HeaderLength)
            return _error;

        int length = _pending[1];
        Take(ref input, length);
        if (_count < length)
            return ControlDecodeError.None;

        _count = 0;
        _error = ControlMessageCodec.TryDecode(_pending.AsSpan(0, length), out message);
        return _error;
    }

    private void Take(ref ReadOnlySpan<byte> input, int until)
    {
        int take = Math.Min(Math.Max(until - _count, 0), input.Length);
        input[..take].CopyTo(_pending.AsSpan(_count));
        input = input[take..];
        _count += take;
    }
}

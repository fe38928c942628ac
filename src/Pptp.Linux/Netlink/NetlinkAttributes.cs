using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Pptp.Linux;

/// <summary>Walks the attributes of a netlink message; stops at the first that does not fit.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> attributes)
{
    private const int HeaderLength = 4;
    private const ushort TypeMask = 0x3FFF; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER

    private ReadOnlySpan<byte> _rest = attributes;

    internal bool TryNext(out int type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (_rest.Length < HeaderLength)
        {
            return false;
        }

        int length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderLength || length > _rest.Length)
        {
            return false;
        }

        type = MemoryMarshal.Read<ushort>(_rest[2..]) & TypeMask;
        value = _rest[HeaderLength..length];
        _rest = _rest[Math.Min(NetlinkMessage.Aligned(length), _rest.Length)..];
        return true;
    }

    internal static string ToText(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }

    internal static uint ToNumber(ReadOnlySpan<byte> value) =>
        value.Length >= sizeof(uint) ? MemoryMarshal.Read<uint>(value) : 0;

    internal static IPAddress? ToAddress(ReadOnlySpan<byte> value) =>
        value.Length is 4 or 16 ? new IPAddress(value) : null;
}

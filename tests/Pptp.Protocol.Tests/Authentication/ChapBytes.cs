using System.Buffers.Binary;
using System.Text;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>CHAP packets put together by hand, byte by byte as RFC 1994 §4 and RFC 2759 draw them.</summary>
internal static class ChapBytes
{
    public static byte[] Packet(byte code, byte identifier, byte[] data)
    {
        byte[] packet = [code, identifier, 0, 0, .. data];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        return packet;
    }

    public static byte[] Challenge(byte identifier, byte[] value, string name) =>
        Packet(1, identifier, [(byte)value.Length, .. value, .. Encoding.UTF8.GetBytes(name)]);

    public static byte[] Response(
        byte identifier, byte[] peerChallenge, byte[] ntResponse, byte flags, byte[] name) =>
        Packet(2, identifier, [49, .. peerChallenge, .. new byte[8], .. ntResponse, flags, .. name]);

    public static byte[] Value(byte code, byte identifier, byte[] value, byte[] name) =>
        Packet(code, identifier, [(byte)value.Length, .. value, .. name]);

    public static byte[] Success(byte identifier, string message) =>
        Packet(3, identifier, Encoding.UTF8.GetBytes(message));

    public static byte[] Failure(byte identifier, string message) =>
        Packet(4, identifier, Encoding.UTF8.GetBytes(message));
}

using System.Text;

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>PAP packets put together by hand, byte by byte as RFC 1334 §2.2 draws them.</summary>
internal static class PapBytes
{
    public static byte[] Request(byte identifier, string userName, string password) =>
        Request(identifier, Encoding.UTF8.GetBytes(userName), Encoding.UTF8.GetBytes(password));

    public static byte[] Request(byte identifier, byte[] userName, byte[] password) =>
        ChapBytes.Packet(1, identifier, [(byte)userName.Length, .. userName, (byte)password.Length, .. password]);

    public static byte[] Ack(byte identifier, string message) => Reply(2, identifier, message);

    public static byte[] Nak(byte identifier, string message) => Reply(3, identifier, message);

    private static byte[] Reply(byte code, byte identifier, string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        return ChapBytes.Packet(code, identifier, [(byte)text.Length, .. text]);
    }
}

namespace Pptp.Protocol.Tests.Authentication;

/// <summary>The exchange of RFC 2759 §9.2: user "User", password "clientPass".</summary>
internal static class Rfc2759Example
{
    public const string AuthenticatorResponse = "S=407A5589115FD0D6209F510FE9C04566932CDA56";

    public static byte[] AuthenticatorChallenge =>
        HexBytes.Of("5B 5D 7C 7D 7B 3F 2F 3E 3C 2C 60 21 32 26 26 28");

    public static byte[] PeerChallenge => HexBytes.Of("21 40 23 24 25 5E 26 2A 28 29 5F 2B 3A 33 7C 7E");

    public static byte[] Challenge => HexBytes.Of("D0 2E 43 86 BC E9 12 26");

    public static byte[] PasswordHash => HexBytes.Of("44 EB BA 8D 53 12 B8 D6 11 47 44 11 F5 69 89 AE");

    public static byte[] PasswordHashHash => HexBytes.Of("41 C0 0C 58 4B D2 D9 1C 40 17 A2 A1 2F A5 9F 3F");

    public static byte[] NtResponse =>
        HexBytes.Of("82 30 9E CD 8D 70 8B 5E A0 8F AA 39 81 CD 83 54 42 33 11 4A 3D 85 D6 DF");

    /// <summary>The Response packet that carries the example.</summary>
    public static byte[] ResponsePacket(byte identifier, string userName = "User", byte flags = 0) =>
        ChapBytes.Response(identifier, PeerChallenge, NtResponse, flags, System.Text.Encoding.UTF8.GetBytes(userName));
}

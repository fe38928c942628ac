namespace Pptp.Protocol.Tests.Authentication;

/// <summary>Bytes as they are printed in RFCs and captures.</summary>
internal static class HexBytes
{
    /// <summary>Reads hexadecimal digits; white space between them is ignored.</summary>
    public static byte[] Of(string text) =>
        Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
}

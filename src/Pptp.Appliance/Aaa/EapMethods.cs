namespace Pptp.Appliance.Aaa;

/// <summary>Names of EAP's methods, for people.</summary>
internal static class EapMethods
{
    private const int TypeAt = 4;

    /// <summary>What a Request is about (RFC 3748 §5 and the IANA registry).</summary>
    public static string NameOf(ReadOnlySpan<byte> request) => request.Length <= TypeAt
        ? "no method"
        : request[TypeAt] switch
        {
            1 => "Identity",
            2 => "Notification",
            4 => "EAP-MD5",
            5 => "EAP-OTP",
            6 => "EAP-GTC",
            13 => "EAP-TLS",
            21 => "EAP-TTLS",
            25 => "PEAP",
            26 => "EAP-MSCHAPv2",
            43 => "EAP-FAST",
            var other => $"method {other}",
        };
}

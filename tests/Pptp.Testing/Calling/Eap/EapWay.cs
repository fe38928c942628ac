namespace Pptp.Testing.Calling.Eap;

/// <summary>The EAP method a caller takes; to another it says Nak.</summary>
public enum EapWay
{
    /// <summary>RFC 3748 §5.4: no keys.</summary>
    Md5,

    /// <summary>MS-CHAPv2 inside EAP.</summary>
    MsChapV2,

    /// <summary>RFC 5216, with <see cref="CallSettings.Certificate"/>.</summary>
    Tls,
}

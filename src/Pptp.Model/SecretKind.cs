namespace Pptp.Model;

/// <summary>How the configuration gives a secret.</summary>
public enum SecretKind
{
    /// <summary>The password itself.</summary>
    PlainText,

    /// <summary>A file that holds the password, read when the configuration is loaded.</summary>
    File,

    /// <summary>The MD4 hash of the password in UTF-16LE (RFC 2759 §8.3), enough for MS-CHAP.</summary>
    NtHash,
}

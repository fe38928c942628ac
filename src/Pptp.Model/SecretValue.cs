using System.Security.Cryptography;
using System.Text;
using Pptp.Model.Types;

namespace Pptp.Model;

/// <summary>
/// What a user proves to know: a password (written in the configuration or in a file it names) or its NT hash.
/// Its text form never shows it.
/// </summary>
public sealed class SecretValue : IEquatable<SecretValue>
{
    /// <summary>Stands for a secret wherever the configuration is shown.</summary>
    public const string Mask = "********";

    /// <summary>The octets of an NT hash.</summary>
    public const int NtHashLength = 16;

    private readonly byte[]? _ntHash;

    private SecretValue(SecretKind kind, string? password, string? path, byte[]? ntHash)
    {
        Kind = kind;
        Password = password;
        Path = path;
        _ntHash = ntHash;
    }

    public SecretKind Kind { get; }

    /// <summary>The clear password; null for <see cref="SecretKind.NtHash"/>.</summary>
    public string? Password { get; }

    /// <summary>The file the password was read from; null unless <see cref="SecretKind.File"/>.</summary>
    public string? Path { get; }

    /// <summary>The 16 octets of the NT hash; empty unless <see cref="SecretKind.NtHash"/>.</summary>
    public ReadOnlyMemory<byte> NtHash => _ntHash;

    public static SecretValue FromPassword(string password) => new(SecretKind.PlainText, password, null, null);

    public static SecretValue FromFile(string path, string password) => new(SecretKind.File, password, path, null);

    /// <summary>Why a text cannot be a password, in words that follow "the password"; null: it can.</summary>
    public static string? WhyUnusable(string password) => PasswordType.Problem(password);

    /// <exception cref="ArgumentException">Not 16 octets.</exception>
    public static SecretValue FromNtHash(ReadOnlySpan<byte> ntHash) => ntHash.Length == NtHashLength
        ? new(SecretKind.NtHash, null, null, ntHash.ToArray())
        : throw new ArgumentException("An NT hash has 16 octets.", nameof(ntHash));

    /// <summary>A file named in the configuration that was not read yet.</summary>
    internal static SecretValue Unread(string path) => new(SecretKind.File, null, path, null);

    public bool Equals(SecretValue? other) => other is not null
        && Kind == other.Kind
        && Path == other.Path
        && CryptographicOperations.FixedTimeEquals(Bytes(), other.Bytes());

    public override bool Equals(object? obj) => Equals(obj as SecretValue);

    // Never of the secret: a hash code may end in a log or a dump.
    public override int GetHashCode() => HashCode.Combine(Kind, Path);

    public override string ToString() => Mask;

    private byte[] Bytes() => _ntHash ?? Encoding.UTF8.GetBytes(Password ?? "");
}

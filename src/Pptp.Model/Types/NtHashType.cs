using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>An NT hash as 32 hexadecimal digits. What it refuses it does not repeat.</summary>
internal sealed class NtHashType : PropertyType<SecretValue?>
{
    public override string Expectation => "32 hexadecimal digits in quotes";

    public override bool TryParse(string text, out SecretValue? value, out string? problem)
    {
        problem = null;
        value = null;
        Span<byte> hash = stackalloc byte[SecretValue.NtHashLength];
        if (text.Length != 2 * SecretValue.NtHashLength
            || Convert.FromHexString(text, hash, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            problem = $"must be {Expectation}";
            return false;
        }

        value = SecretValue.FromNtHash(hash);
        return true;
    }

    public override string Format(SecretValue? value) =>
        value is { Kind: SecretKind.NtHash } ? Convert.ToHexStringLower(value.NtHash.Span) : "";

    public override string? FormatToml(SecretValue? value) =>
        value is { Kind: SecretKind.NtHash } ? TomlText.Quote(Format(value)) : null;

    protected override string Refusal(ConfigurationValue value) => $"must be {Expectation}";
}

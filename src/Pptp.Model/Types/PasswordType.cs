using Pptp.Model.Vocabulary;

namespace Pptp.Model.Types;

/// <summary>A password: text, or <c>{ file = "..." }</c>. What it refuses it does not repeat.</summary>
internal sealed class PasswordType : PropertyType<SecretValue?>
{
    /// <summary>RFC 2759 §8.1: 0 to 256 Unicode characters.</summary>
    internal const int LongestPassword = 256;

    private const string FileKey = "file";

    public override string Expectation => "a text in quotes or { file = \"path\" }";

    public override bool TryParse(string text, out SecretValue? value, out string? problem)
    {
        value = SecretValue.FromPassword(text);
        problem = Problem(text);
        return problem is null;
    }

    public override string Format(SecretValue? value) => value?.Password ?? "";

    public override string? FormatToml(SecretValue? value) => value switch
    {
        { Kind: SecretKind.File, Path: { } path } => $"{{ {FileKey} = {TomlText.Quote(path)} }}",
        { Password: { } password } => TomlText.Quote(password),
        _ => null,
    };

    // The file's name is no secret, and says where to look.
    public override string? FormatMasked(SecretValue? value) =>
        value is { Kind: SecretKind.File } ? FormatToml(value) : base.FormatMasked(value);

    public override bool TryRead(
        ConfigurationValue value, ICollection<ValueComplaint> complaints, out SecretValue? result)
    {
        if (value is ConfigurationValue.Table { Entries: [{ Key: FileKey, Value: ConfigurationValue.Text path }] }
            && path.Value.Length > 0)
        {
            result = SecretValue.Unread(path.Value);
            return true;
        }

        return base.TryRead(value, complaints, out result);
    }

    internal static string? Problem(string password) => password switch
    {
        { Length: > LongestPassword } => $"is too long: a password has at most {LongestPassword} characters",
        _ when !TextType.IsWellFormed(password) => "must be well-formed Unicode text",
        _ => null,
    };

    protected override string Refusal(ConfigurationValue value) => $"must be {Expectation}";
}

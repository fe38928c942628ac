using Pptp.Appliance.Aaa;
using Pptp.Model;
using Pptp.Model.Editing;
using Pptp.Model.Vocabulary;

namespace Pptp.Appliance.State;

/// <summary>Makes a change of the configuration's files, and puts what they amount to in force.</summary>
/// <param name="whyNot">Looks at the configuration as the files have it; says why nothing is to be changed.</param>
/// <param name="edits">The changes.</param>
internal delegate Task<EditResult> ConfigurationChange(
    Func<PptpConfiguration, string?> whyNot, IReadOnlyList<ConfigurationEdit> edits);

/// <summary>Writes users' new passwords into the configuration's files.</summary>
internal sealed class WrittenSecrets(ConfigurationChange change) : ISecretStore
{
    private const string PasswordKey = "password";
    private const string NtHashKey = "nt-hash";
    private const string ExpiredKey = "password-expired";

    private static readonly PropertyDefinition<PppSecret> Service = Menus.PppSecret.Find("service")!;

    public async ValueTask<SecretChange> ChangePasswordAsync(
        PppSecret secret, SecretValue password, CancellationToken cancellation)
    {
        RowName row = new(Menus.PppSecret, secret.Name, Service.Format(secret));
        ConfigurationEdit.Set set = password.Kind == SecretKind.NtHash
            ? new(row, NtHashKey, Convert.ToHexStringLower(password.NtHash.Span))
            : new(row, PasswordKey, password.Password!);
        EditResult result = await change(
            files => WhyNot(files, secret), [set, new ConfigurationEdit.Unset(row, ExpiredKey)]).ConfigureAwait(false);
        return result is EditResult.Refused refused
            ? new SecretChange.CannotBeSaved(refused.Reason)
            : new SecretChange.Saved();
    }

    // What an operator has set meanwhile stands above what the user, logged in by the old password, wants.
    private static string? WhyNot(PptpConfiguration files, PppSecret secret) =>
        files.Secrets.FirstOrDefault(row => row.Name == secret.Name && row.Service == secret.Service) is { } row
        && Equals(row.Password, secret.Password)
            ? null
            : "the secret has been changed meanwhile";
}

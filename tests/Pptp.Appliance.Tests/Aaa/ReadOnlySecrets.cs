using Pptp.Appliance.Aaa;
using Pptp.Model;

namespace Pptp.Appliance.Tests.Aaa;

/// <summary>Keeps nothing: for a configuration that is read only.</summary>
internal sealed class ReadOnlySecrets : ISecretStore
{
    public static ReadOnlySecrets Instance { get; } = new();

    public ValueTask<SecretChange> ChangePasswordAsync(
        PppSecret secret, SecretValue password, CancellationToken cancellation) =>
        new(new SecretChange.CannotBeSaved("the configuration cannot be changed"));
}

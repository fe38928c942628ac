using Pptp.Model;

namespace Pptp.Appliance.Aaa;

/// <summary>Keeps what users change themselves: their passwords.</summary>
internal interface ISecretStore
{
    /// <summary>
    /// Gives a secret another password and takes its <c>password-expired</c> away, in the file and in the
    /// configuration in force. Done when it returns <see cref="SecretChange.Saved"/>, over a power loss too. Never
    /// throws for a file that cannot be written.
    /// </summary>
    /// <param name="secret">The row as the user logged in with it; refused when it is another by now.</param>
    /// <param name="password">
    /// Of the row's own kind: a password in place of a password, an NT hash in place of an NT hash. Never for a secret
    /// of <see cref="SecretKind.File"/>.
    /// </param>
    ValueTask<SecretChange> ChangePasswordAsync(
        PppSecret secret, SecretValue password, CancellationToken cancellation);
}

/// <summary>What became of a change.</summary>
internal abstract record SecretChange
{
    private SecretChange()
    {
    }

    public sealed record Saved : SecretChange;

    /// <param name="Reason">English, for the log.</param>
    public sealed record CannotBeSaved(string Reason) : SecretChange;
}

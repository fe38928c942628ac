using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Pptp.Protocol.Authentication;

namespace Pptp.Appliance.Aaa.Radius;

/// <summary>
/// Who a server has let in, for when no server answers. Only a login by PAP can be checked again: with every other
/// method the password never comes here, and a server proves nothing of it that a later login could be held against.
/// What is kept is a salted slow hash, in memory alone.
/// </summary>
internal sealed class RadiusMemory(MonotonicClock clock)
{
    /// <summary>Users remembered at most; beyond them those go who logged in first.</summary>
    public const int Capacity = 16_384;

    private const int Iterations = 100_000;
    private const int SaltLength = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Memory> _users = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _oldestFirst = new();

    /// <summary>Stands in where nobody is remembered, so that this is not told apart by time.</summary>
    private readonly byte[] _noSalt = RandomNumberGenerator.GetBytes(SaltLength);

    private sealed record Memory(
        byte[] Salt, byte[] Hash, RadiusGrant Grant, TimeSpan At, LinkedListNode<string> Place);

    /// <summary>Whether a login of this kind can be remembered.</summary>
    public static bool CanRemember(PeerCredentials credentials) => credentials is PapCredentials;

    /// <summary>A server has let these in. Does nothing where they cannot be remembered.</summary>
    public async Task RememberAsync(PeerCredentials credentials, RadiusGrant grant)
    {
        if (credentials is not PapCredentials pap)
            return;
        byte[] salt = RandomNumberGenerator.GetBytes(SaltLength);
        byte[] hash = await HashAsync(pap, salt).ConfigureAwait(false);
        lock (_lock)
        {
            Remove(pap.UserName);
            _users[pap.UserName] = new Memory(salt, hash, grant, clock.Now, _oldestFirst.AddLast(pap.UserName));
            if (_users.Count > Capacity)
                Remove(_oldestFirst.First!.Value);
        }
    }

    /// <summary>What is remembered of these.</summary>
    /// <param name="credentials">Of a login that nobody has checked.</param>
    /// <param name="longest">How long ago a server must have let them in.</param>
    /// <returns>Null: nobody of this name was let in since.</returns>
    public async Task<RadiusRecall?> RecallAsync(PeerCredentials credentials, TimeSpan longest)
    {
        if (credentials is not PapCredentials pap)
            return null;
        bool isRemembered = TryFind(pap.UserName, out Memory? memory);
        byte[] hash = await HashAsync(pap, memory?.Salt ?? _noSalt).ConfigureAwait(false);
        if (!isRemembered || clock.Now - memory!.At is var age && age > longest)
            return null;
        return new RadiusRecall(CryptographicOperations.FixedTimeEquals(hash, memory!.Hash), memory.Grant, age);
    }

    /// <summary>A server has refused these: if it is they that are remembered, they are no more.</summary>
    public async Task ForgetAsync(PeerCredentials credentials)
    {
        if (credentials is not PapCredentials pap || !TryFind(pap.UserName, out Memory? memory))
            return;
        byte[] hash = await HashAsync(pap, memory.Salt).ConfigureAwait(false);
        lock (_lock)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, memory.Hash))
                Remove(pap.UserName);
        }
    }

    private bool TryFind(string user, [NotNullWhen(true)] out Memory? memory)
    {
        lock (_lock)
            return _users.TryGetValue(user, out memory);
    }

    private void Remove(string user)
    {
        if (_users.Remove(user, out Memory? memory))
            _oldestFirst.Remove(memory.Place);
    }

    /// <summary>Tens of milliseconds of a processor: not for the thread that asks.</summary>
    private static async Task<byte[]> HashAsync(PapCredentials pap, byte[] salt)
    {
        byte[] password = [.. pap.Password];
        byte[] hash = await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(
            password, salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes)).ConfigureAwait(false);
        CryptographicOperations.ZeroMemory(password);
        return hash;
    }
}

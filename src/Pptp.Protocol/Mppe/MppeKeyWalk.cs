using System.Security.Cryptography;

namespace Pptp.Protocol.Mppe;

/// <summary>
/// The receiver's way along its keys: where it is, and a try ahead that is kept or given up. The last far try that was
/// given up is remembered, so that packets which point to the same place cost one walk and not one each.
/// </summary>
internal sealed class MppeKeyWalk : IDisposable
{
    /// <summary>A shorter walk is not worth remembering.</summary>
    private const int Far = 64;

    private readonly MppeKeyChain _chain;
    private readonly byte[] _kept = new byte[MppeKeyChain.MaximumKeyLength];
    private readonly byte[] _far = new byte[MppeKeyChain.MaximumKeyLength];

    // Keys from the initial one: to the present key, to the one the chain stands at, to the remembered one.
    private long _position;
    private long _tried;
    private long _farPosition;

    public MppeKeyWalk(ReadOnlySpan<byte> startKey, MppeStrength strength)
    {
        _chain = new MppeKeyChain(startKey, strength);
        _chain.Save(_kept);
    }

    /// <summary>The key last tried, kept or gone back to.</summary>
    public ReadOnlySpan<byte> Key => _chain.Key;

    public MppeStrength Strength => _chain.Strength;

    /// <inheritdoc cref="IMppeKeys.CopyKeyMaterial"/>
    public void CopyMaterial(Span<byte> destination) => _chain.CopyMaterial(destination);

    /// <summary>The key one step ahead, which the caller has computed, is the present one from here on.</summary>
    public void Step(ReadOnlySpan<byte> key)
    {
        _chain.Restore(key);
        _position++;
        _tried = _position;
        _chain.Save(_kept);
    }

    /// <summary>How many keys must be computed to try the one so many steps ahead.</summary>
    public int CostOf(int steps) => (int)(_position + steps - NearestTo(_position + steps));

    /// <summary>Tries the key so many steps ahead; 0 is the present one.</summary>
    public void Try(int steps)
    {
        long target = _position + steps;
        long start = NearestTo(target);
        if (_tried > target || _tried < start)
        {
            _chain.Restore(start == _position ? _kept : _far);
            _tried = start;
        }
        for (; _tried < target; _tried++)
            _chain.Advance();
    }

    /// <summary>The key tried last is the present one from here on.</summary>
    public void Keep()
    {
        _position = _tried;
        _chain.Save(_kept);
    }

    /// <summary>Back to the present key.</summary>
    public void GiveUp()
    {
        if (_tried - _position > Far)
        {
            _chain.Save(_far);
            _farPosition = _tried;
        }
        _chain.Restore(_kept);
        _tried = _position;
    }

    /// <summary>Zeroes all keys.</summary>
    public void Dispose()
    {
        _chain.Dispose();
        CryptographicOperations.ZeroMemory(_kept);
        CryptographicOperations.ZeroMemory(_far);
    }

    private long NearestTo(long target) =>
        _farPosition > _position && _farPosition <= target ? _farPosition : _position;
}

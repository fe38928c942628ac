namespace Pptp.Appliance.Addressing;

/// <summary>Every address some tunnel has, from whatever pool or none: what is in here is given to nobody else.</summary>
/// <remarks>Not for several threads at once: <see cref="AddressPools"/> sees to that.</remarks>
internal sealed class AddressesInUse
{
    private readonly Dictionary<uint, (string? Owner, int Count)> _addresses = [];

    public IEnumerable<uint> All => _addresses.Keys;

    public bool Contains(uint address) => _addresses.ContainsKey(address);

    /// <summary>Takes an address, which several tunnels of one owner may share.</summary>
    /// <param name="owner">The user; null: our own end, which all tunnels may share.</param>
    /// <returns>False when another user has it.</returns>
    public bool TryTake(uint address, string? owner)
    {
        (string? current, int count) = _addresses.GetValueOrDefault(address, (owner, 0));
        if (owner is not null && current != owner)
            return false;
        _addresses[address] = (current, count + 1);
        return true;
    }

    public void Return(uint address)
    {
        (string? owner, int count) = _addresses[address];
        if (count == 1)
            _addresses.Remove(address);
        else
            _addresses[address] = (owner, count - 1);
    }
}

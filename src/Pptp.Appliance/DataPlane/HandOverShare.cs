namespace Pptp.Appliance.DataPlane;

/// <summary>How many packets of one call wait in one <see cref="HandOver"/>: the dispatcher adds, the worker takes.</summary>
internal sealed class HandOverShare
{
    private uint _added;
    private uint _taken;

    public int Count => (int)(_added - Volatile.Read(ref _taken));

    public void OnAdded() => _added++;

    public void OnTaken() => Volatile.Write(ref _taken, _taken + 1);
}

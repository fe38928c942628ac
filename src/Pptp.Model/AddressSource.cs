using System.Net;

namespace Pptp.Model;

/// <summary>Where a local or remote address comes from: it is one address, or is taken from a pool.</summary>
public abstract record AddressSource
{
    private AddressSource()
    {
    }

    /// <summary>One IPv4 address.</summary>
    public sealed record Single(IPAddress Address) : AddressSource
    {
        public override string ToString() => Address.ToString();
    }

    /// <summary>The next free address of the <c>/ip pool</c> of this name.</summary>
    public sealed record Pool(string Name) : AddressSource
    {
        public override string ToString() => Name;
    }
}

using Pptp.Model;

namespace Pptp.Appliance.Addressing;

/// <summary>Where a client's IPv6 prefix comes from.</summary>
internal abstract record PrefixSource
{
    private PrefixSource()
    {
    }

    /// <summary>This prefix, which is the user's alone.</summary>
    public sealed record Single(Ipv6Prefix Prefix) : PrefixSource;

    /// <summary>The next free one of the <c>/ipv6 pool</c> of this name.</summary>
    /// <param name="Name">The pool's.</param>
    /// <param name="Reuse">All who take one so from the pool have the same.</param>
    public sealed record Pool(string Name, bool Reuse) : PrefixSource;
}

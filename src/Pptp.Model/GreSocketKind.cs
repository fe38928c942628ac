namespace Pptp.Model;

/// <summary>How GRE comes from the kernel and goes to it.</summary>
public enum GreSocketKind
{
    /// <summary>A raw socket: netfilter, routing and neighbours are the kernel's.</summary>
    Raw,

    /// <summary>A ring shared with the kernel, and packets straight to Ethernet: for machines with many cores.</summary>
    Packet,
}

namespace Pptp.Linux;

/// <summary>What became of one packet written to a <see cref="TunDevice"/>.</summary>
public enum TunWriteResult
{
    /// <summary>The kernel took the packet.</summary>
    Written,

    /// <summary>No memory or no room at this moment (EAGAIN, ENOBUFS, ENOMEM): the packet is lost.</summary>
    Dropped,

    /// <summary>The interface is not up (EIO): the packet is lost.</summary>
    InterfaceDown,

    /// <summary>The interface was deleted under us (EBADFD); nothing will work with this descriptor again.</summary>
    Gone,

    /// <summary>Not an IPv4 or IPv6 packet, empty, or longer than the kernel takes (EINVAL, EMSGSIZE).</summary>
    Rejected,
}

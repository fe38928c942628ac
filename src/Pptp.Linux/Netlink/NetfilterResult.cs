namespace Pptp.Linux;

/// <summary>What became of a request about nftables.</summary>
public enum NetfilterResult
{
    Done,

    /// <summary>There is no such table.</summary>
    NotFound,

    /// <summary>The kernel has no nf_tables, or not yet loaded it.</summary>
    NotSupported,

    /// <summary>CAP_NET_ADMIN is missing.</summary>
    NotPermitted,
}

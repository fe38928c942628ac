namespace Pptp.Management.Status;

/// <summary>Names in a row that are told, not configured, and those that print treats by themselves.</summary>
internal static class StatusKey
{
    public const string Name = "name";
    public const string User = "user";
    public const string Comment = "comment";
    public const string Disabled = "disabled";

    /// <summary>RouterOS' flag D.</summary>
    public const string Dynamic = "dynamic";

    /// <summary>RouterOS' flag R.</summary>
    public const string Running = "running";

    /// <summary>What Linux calls the interface. Ours.</summary>
    public const string Interface = "interface";

    public const string Status = "status";
    public const string ClientAddress = "client-address";
    public const string Uptime = "uptime";
    public const string Encoding = "encoding";
    public const string Mtu = "mtu";
    public const string Mru = "mru";
    public const string Mrru = "mrru";
    public const string LocalAddress = "local-address";
    public const string RemoteAddress = "remote-address";
    public const string LocalIpv6Address = "local-ipv6-address";
    public const string RemoteIpv6Address = "remote-ipv6-address";

    /// <summary>What the session was given. Ours: RouterOS has it in the queue it makes.</summary>
    public const string RateLimit = "rate-limit";

    public const string Address = "address";
    public const string Protocol = "protocol";
    public const string Pending = "pending";
    public const string Requests = "requests";
    public const string Accepts = "accepts";
    public const string Rejects = "rejects";
    public const string Resends = "resends";
    public const string Timeouts = "timeouts";
    public const string BadReplies = "bad-replies";
    public const string LastRequestRtt = "last-request-rtt";
    public const string BadRequests = "bad-requests";
    public const string Acks = "acks";
    public const string Naks = "naks";

    /// <summary>Sessions of which a report waits. Ours.</summary>
    public const string Waiting = "waiting";

    /// <summary>How long the first has waited. Ours.</summary>
    public const string Oldest = "oldest";

    /// <summary>Why reports that wait are not on the disk, where they are not.</summary>
    public const string NotOnDisk = "not-on-disk";

    /// <summary>GRE packets handed to the kernel. Ours, as the next ones.</summary>
    public const string Sent = "sent";

    /// <summary>System calls that took.</summary>
    public const string SendCalls = "send-calls";

    /// <summary>Packets of IP written to interfaces.</summary>
    public const string Written = "written";

    /// <summary>Of these, packets that shared a write with others.</summary>
    public const string Coalesced = "coalesced";

    /// <summary>Octets of the managed heap that carrying packets has taken.</summary>
    public const string Allocated = "allocated";

    /// <summary>Garbage collections of the process.</summary>
    public const string Collections = "collections";

    /// <summary>GRE packets that came for no call.</summary>
    public const string UnknownCalls = "unknown-calls";

    /// <summary>GRE packets the kernel dropped because they were not fetched in time.</summary>
    public const string KernelDrops = "kernel-drops";

    /// <summary>Octets of IP that have come from the other end.</summary>
    public const string RxByte = "rx-byte";

    /// <summary>Octets of IP that have gone to the other end.</summary>
    public const string TxByte = "tx-byte";

    public const string RxPacket = "rx-packet";
    public const string TxPacket = "tx-packet";
    public const string RxBitsPerSecond = "rx-bits-per-second";
    public const string TxBitsPerSecond = "tx-bits-per-second";
}

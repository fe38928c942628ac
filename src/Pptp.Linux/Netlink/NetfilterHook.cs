namespace Pptp.Linux;

/// <summary>Where a packet meets a chain; the values are those of the IP families (NF_INET_*).</summary>
public enum NetfilterHook
{
    Prerouting = 0,

    /// <summary>Packets for this host, such as TCP 1723 and GRE.</summary>
    Input = 1,

    /// <summary>Packets passing through, such as those of dialled-in users.</summary>
    Forward = 2,

    /// <summary>Packets from this host.</summary>
    Output = 3,
    Postrouting = 4,
    Ingress = 5,
}

namespace Pptp.Benchmarks.Load;

/// <summary>What is counted while the load runs.</summary>
internal sealed class LoadFigures
{
    private const int MostDelays = 1_000_000;

    /// <summary>How often which reason kept a tunnel from coming up.</summary>
    public SortedDictionary<string, int> Failures { get; } = new(StringComparer.Ordinal);

    /// <summary>How often which reason ended a tunnel that was up, unasked.</summary>
    public SortedDictionary<string, int> Losses { get; } = new(StringComparer.Ordinal);

    /// <summary>From the beginning of a tunnel to its last IPCP packet, in milliseconds.</summary>
    public List<double> SetUps { get; } = [];

    /// <summary>Until the reply to the call, with the control connection where it was the first.</summary>
    public List<double> CallSetUps { get; } = [];

    /// <summary>From a packet's sending to its arrival, in milliseconds.</summary>
    public List<double> Delays { get; } = [];

    public long PacketsSent { get; set; }

    public long PacketsArrived { get; private set; }

    public long OctetsArrived { get; private set; }

    /// <summary>Frames that could not be decrypted.</summary>
    public long Undecrypted { get; set; }

    /// <summary>Most that a tunnel was begun after its time: this program or its machine is too slow.</summary>
    public TimeSpan LargestLag { get; set; }

    public static void Count(SortedDictionary<string, int> reasons, string reason) =>
        reasons[reason] = reasons.GetValueOrDefault(reason) + 1;

    public void Arrived(int octets, double milliseconds)
    {
        PacketsArrived++;
        OctetsArrived += octets;
        if (Delays.Count < MostDelays) Delays.Add(milliseconds);
    }
}

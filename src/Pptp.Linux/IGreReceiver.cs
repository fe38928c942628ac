namespace Pptp.Linux;

/// <summary>Where the GRE of a network namespace comes in. One thread receives.</summary>
public interface IGreReceiver
{
    /// <summary>For <see cref="EventPoll"/>; readable while packets wait.</summary>
    int Descriptor { get; }

    /// <summary>Takes up to 64 packets that wait; fewer do not prove that no more do.</summary>
    /// <returns>Packets now in <paramref name="batch"/>; what was in it before is forgotten.</returns>
    int Receive(GreBatch batch);

    /// <summary>Packets the kernel dropped since the start because they were not taken in time.</summary>
    long ReadDrops();
}

namespace Pptp.Testing.Traffic;

/// <summary>What became of a stream's datagrams.</summary>
/// <param name="Sent">How many left.</param>
/// <param name="Received">How many came back, the same one twice counted twice.</param>
/// <param name="Lost">How many did not come back at all.</param>
/// <param name="Doubled">How many came back more than once.</param>
/// <param name="OutOfOrder">How many came back after a later one.</param>
public sealed record StreamReport(uint Sent, int Received, int Lost, int Doubled, int OutOfOrder)
{
    public bool IsPerfect => Lost == 0 && Doubled == 0 && OutOfOrder == 0;

    internal static StreamReport Of(uint sent, IReadOnlyList<uint> received)
    {
        HashSet<uint> seen = [];
        int outOfOrder = 0;
        uint highest = 0;
        foreach (uint number in received)
        {
            if (seen.Add(number) && number < highest)
                outOfOrder++;
            highest = Math.Max(highest, number);
        }

        return new StreamReport(sent, received.Count, (int)sent - seen.Count, received.Count - seen.Count, outOfOrder);
    }
}

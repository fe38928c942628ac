namespace Pptp.Benchmarks;

/// <summary>What many measurements say together.</summary>
internal static class Samples
{
    public static double Median(IEnumerable<double> samples) => Percentile(samples, 50);

    /// <summary>The smallest sample that so many percent of all do not exceed (nearest rank).</summary>
    public static double Percentile(IEnumerable<double> samples, double percent)
    {
        double[] sorted = [.. samples.Order()];
        int rank = (int)Math.Ceiling(percent / 100 * sorted.Length);
        return sorted[Math.Clamp(rank - 1, 0, sorted.Length - 1)];
    }
}

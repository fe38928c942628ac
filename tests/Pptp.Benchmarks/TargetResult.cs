namespace Pptp.Benchmarks;

/// <summary>What came out for a row of the table.</summary>
/// <param name="Target">The row.</param>
/// <param name="Rounds">One value for each round.</param>
/// <param name="Remark">What else is to be known of it.</param>
internal sealed record TargetResult(Target Target, IReadOnlyList<double> Rounds, string Remark)
{
    public double Median => Samples.Median(Rounds);
}

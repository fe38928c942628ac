namespace Pptp.Management.Status;

/// <summary>
/// Tells the status with the rates of this very moment: counters are looked at twice, and only when somebody asks, so
/// that ten thousand sessions cost nothing while nobody does.
/// </summary>
/// <param name="look">Tells what there is now; from any thread.</param>
/// <param name="time">The clock.</param>
public sealed class StatusMeter(Func<StatusSnapshot> look, TimeProvider time)
{
    /// <summary>What a rate is the mean of.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public async ValueTask<StatusDocument> TellAsync(CancellationToken cancellation)
    {
        StatusSnapshot before = look();
        if (!before.IsRunning)
            return StatusDocument.Of(before);
        await Task.Delay(Period, time, cancellation).ConfigureAwait(false);
        return StatusDocument.Of(look(), before);
    }
}

namespace Pptp.Interop.Tests.Harness;

/// <summary>iperf3 in the VM, in the background.</summary>
internal sealed class RunningStream : IDisposable
{
    private readonly Task<CommandResult> _iperf;

    private RunningStream(Task<CommandResult> iperf) => _iperf = iperf;

    public string Report => _iperf.IsCompleted ? _iperf.Result.Output : "still running";

    public static RunningStream Start(string options, int seconds) => new(Task.Run(() => Lab.InVm(
        $"iperf3 -c {ServerSettings.Gateway} -t {seconds} {options}", TimeSpan.FromSeconds(seconds + 60))));

    /// <summary>Waits until it has left its slow start behind.</summary>
    public void MustRunThrough(string name)
    {
        InterfaceOctets before = InterfaceOctets.Read(name);
        TimeSpan? runs = Wait.Until(
            () => InterfaceOctets.Read(name) is { } now
                && now.FromClient + now.ToClient > before.FromClient + before.ToClient + 40_000,
            TimeSpan.FromSeconds(20));
        Assert.That(runs, Is.Not.Null, Report);
    }

    public void Dispose()
    {
        Lab.InVm("pkill -x iperf3");
        _iperf.Wait();
    }
}

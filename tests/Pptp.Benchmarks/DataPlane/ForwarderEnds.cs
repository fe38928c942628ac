using Pptp.Testing.Serving;

namespace Pptp.Benchmarks.DataPlane;

/// <summary>A <see cref="Forwarder"/> at both ends of one tunnel, each a process of its own.</summary>
internal sealed class ForwarderEnds : TunnelEnds
{
    private readonly ServerProcess? _near;
    private readonly ServerProcess? _far;

    public ForwarderEnds(bool encrypted)
    {
        try
        {
            _far = Start(Far, $"{FarWire}", $"{NearWire}", $"{Gateway}", $"{AddressOf(0)}", encrypted);
            _near = Start(Near, $"{NearWire}", $"{FarWire}", $"{AddressOf(0)}", $"{Gateway}", encrypted);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override TimeSpan NearTime => SchedulerTime.Of(_near!.ProcessId);

    public override TimeSpan FarTime => SchedulerTime.Of(_far!.ProcessId);

    protected override void Stop()
    {
        foreach (ServerProcess? end in (ServerProcess?[])[_near, _far])
        {
            if (end is { Running: true })
                end.Signal("KILL");
            end?.WaitForExit(TimeSpan.FromSeconds(10));
            end?.Dispose();
        }
    }

    private static ServerProcess Start(
        Pptp.Testing.NetworkNamespace network, string local, string remote, string inner, string peer, bool encrypted)
    {
        List<string> command = [Environment.ProcessPath!];
        if (Path.GetFileNameWithoutExtension(command[0]) == "dotnet")
            command.Add(Path.Combine(AppContext.BaseDirectory, "Pptp.Benchmarks.dll"));
        return ServerProcess.Start(
            [.. command, Forwarder.Command, local, remote, inner, peer, encrypted ? "naive" : "bare"], network,
            Forwarder.ReadyText);
    }
}

namespace Pptp.Interop.Tests.Harness;

/// <summary>How the VM dials.</summary>
internal sealed record DialSettings
{
    /// <summary>The link's name in the VM: its log and its pid file bear it. One name, one call at a time.</summary>
    public string Link { get; init; } = "lab";

    /// <summary>With the kernel's own PPTP under pppd, in place of pptp-linux.</summary>
    public bool KernelClient { get; init; }

    /// <summary>A control connection for this call alone; else pptp-linux puts all calls on one.</summary>
    public bool OwnConnection { get; init; }

    /// <summary>A network namespace in the VM to dial from.</summary>
    public string? VmNamespace { get; init; }

    /// <summary>After this pppd is ended, and the exit status is 124.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}

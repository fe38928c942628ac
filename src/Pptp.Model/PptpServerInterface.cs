namespace Pptp.Model;

/// <summary><c>/interface pptp-server</c>: an interface that is there whether its user is connected or not.</summary>
public sealed record PptpServerInterface
{
    /// <summary>The name of a Linux interface: 1 to 15 ASCII letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The secret's name. Nobody logs in by this alone.</summary>
    public string User { get; init; } = "";

    public bool Disabled { get; init; }

    public string? Comment { get; init; }
}

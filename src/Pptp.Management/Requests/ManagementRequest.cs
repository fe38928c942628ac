using System.Text.Json;

namespace Pptp.Management.Requests;

/// <summary>What is asked of the daemon: one line of JSON.</summary>
public sealed record ManagementRequest
{
    /// <summary>The longest one in octets, its line end included.</summary>
    public const int MaximumLength = 4096;

    /// <summary>One of <see cref="ManagementCommand"/>.</summary>
    public required string Command { get; init; }

    /// <summary>Whom or what it concerns; null: all.</summary>
    public string? Name { get; init; }

    /// <exception cref="JsonException">It is no request.</exception>
    public static ManagementRequest Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RequestJson.Default.ManagementRequest)
        ?? throw new JsonException("a request is an object");

    /// <summary>With its line end.</summary>
    public byte[] ToLine() =>
        [.. JsonSerializer.SerializeToUtf8Bytes(this, RequestJson.Default.ManagementRequest), (byte)'\n'];
}

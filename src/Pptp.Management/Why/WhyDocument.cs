using System.Text.Json;
using Pptp.Appliance.Diagnosis;

namespace Pptp.Management.Why;

/// <summary>What became of the last attempts of one user or address to get in.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Attempts">The newest first.</param>
public sealed record WhyDocument(string Name, IReadOnlyList<WhyAttempt> Attempts)
{
    public static WhyDocument Of(string name, IReadOnlyList<AttemptReport> attempts) =>
        new(name, [.. attempts.Select(WhyAttempt.Of)]);

    /// <exception cref="JsonException">It is not what <see cref="ToJson"/> gives.</exception>
    public static WhyDocument Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, WhyJson.Readable.WhyDocument) ?? throw new JsonException("no document");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, WhyJson.Readable.WhyDocument);
}

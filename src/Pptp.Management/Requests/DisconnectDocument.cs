using System.Text.Json;

namespace Pptp.Management.Requests;

/// <param name="Disconnected">How many sessions and dialled tunnels end.</param>
public sealed record DisconnectDocument(int Disconnected)
{
    /// <exception cref="JsonException">It is not what <see cref="ToJson"/> gives.</exception>
    public static DisconnectDocument Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RequestJson.Default.DisconnectDocument)
        ?? throw new JsonException("no document");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RequestJson.Default.DisconnectDocument);
}

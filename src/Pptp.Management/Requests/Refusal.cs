using System.Text.Json;

namespace Pptp.Management.Requests;

/// <summary>The answer where there is none: a document that has this and nothing else.</summary>
/// <param name="Error">Why, for who asked.</param>
internal sealed record Refusal(string Error)
{
    /// <summary>More than any of them takes; an answer that is longer is looked at no further.</summary>
    private const int MaximumLength = 4096;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, RequestJson.Default.Refusal);

    /// <summary>Null: it is an answer.</summary>
    public static string? ErrorOf(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaximumLength)
            return null;
        try
        {
            return JsonSerializer.Deserialize(json, RequestJson.Default.Refusal)?.Error;
        }
        catch (JsonException)
        {
            // Whoever reads the answer says what is wrong with it.
            return null;
        }
    }
}

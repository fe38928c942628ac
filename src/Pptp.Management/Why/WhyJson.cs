using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pptp.Management.Why;

[JsonSerializable(typeof(WhyDocument))]
internal sealed partial class WhyJson : JsonSerializerContext
{
    /// <summary>Without escapes for HTML, which this never becomes a part of.</summary>
    public static WhyJson Readable { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        WriteIndented = true,
    });
}

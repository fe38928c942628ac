using System.Text.Json.Serialization;

namespace Pptp.Management.Requests;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ManagementRequest))]
[JsonSerializable(typeof(Refusal))]
[JsonSerializable(typeof(DisconnectDocument))]
internal sealed partial class RequestJson : JsonSerializerContext;

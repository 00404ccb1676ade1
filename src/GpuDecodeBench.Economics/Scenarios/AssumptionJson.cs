using System.Text.Json.Serialization;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>The source-generated reader of the assumptions; a field it does not know is an error in the file.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(AssumptionFile))]
internal sealed partial class AssumptionJson : JsonSerializerContext;

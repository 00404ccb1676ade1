using System.Text.Json.Serialization;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>The source-generated reader of days; a field it does not know is an error in the file.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(DayFile))]
internal sealed partial class DayJson : JsonSerializerContext;

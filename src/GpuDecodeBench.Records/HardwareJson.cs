using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The source-generated reader of the hardware catalogue; a field it does not know is an error in the file.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(HardwareFile))]
internal sealed partial class HardwareJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>The reader of the file; a field that it does not know is an error in the file.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(SensorFile))]
internal sealed partial class SensorJson : JsonSerializerContext;

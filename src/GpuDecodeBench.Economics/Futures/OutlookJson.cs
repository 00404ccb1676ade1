using System.Text.Json.Serialization;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>The source-generated reader of the outlook's data; a field it does not know is an error in the file.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(OutlookFile))]
internal sealed partial class OutlookJson : JsonSerializerContext;

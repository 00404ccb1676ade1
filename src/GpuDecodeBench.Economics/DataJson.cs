using System.Text.Json.Serialization;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Economics;

/// <summary>The source-generated reader of this room's data files; a field that it does not know is an error in the file.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(AssumptionFile))]
[JsonSerializable(typeof(DayFile))]
[JsonSerializable(typeof(OutlookFile))]
[JsonSerializable(typeof(PriceFile))]
internal sealed partial class DataJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics;

/// <summary>The source-generated reader of this room's data files; by the options of all data files.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AssumptionFile))]
[JsonSerializable(typeof(DayFile))]
[JsonSerializable(typeof(OutlookFile))]
[JsonSerializable(typeof(PriceFile))]
internal sealed partial class DataJson : JsonSerializerContext
{
    /// <summary>The reader.</summary>
    public static DataJson Strict { get; } = new(DataFileOptions.Create());
}

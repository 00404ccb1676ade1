using System.Text.Json.Serialization;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Records;

/// <summary>The source-generated reader of the hardware catalogue; by the options of all data files.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HardwareFile))]
internal sealed partial class HardwareJson : JsonSerializerContext
{
    /// <summary>The reader.</summary>
    public static HardwareJson Strict { get; } = new(DataFileOptions.Create());
}

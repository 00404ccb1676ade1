using System.Text.Json.Serialization;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>The reader of the file; by the options of all data files.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SensorFile))]
internal sealed partial class SensorJson : JsonSerializerContext
{
    /// <summary>The reader.</summary>
    public static SensorJson Strict { get; } = new(DataFileOptions.Create());
}

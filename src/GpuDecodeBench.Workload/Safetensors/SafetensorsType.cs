namespace GpuDecodeBench.Workload.Safetensors;

/// <summary>An element type of the safetensors format, as its <c>dtype</c> names it. Little endian throughout.</summary>
public enum SafetensorsType
{
    /// <summary>IEEE binary32.</summary>
    F32,

    /// <summary>IEEE binary16.</summary>
    F16,

    /// <summary>bfloat16.</summary>
    BF16,

    /// <summary>Signed 64-bit integers.</summary>
    I64,
}

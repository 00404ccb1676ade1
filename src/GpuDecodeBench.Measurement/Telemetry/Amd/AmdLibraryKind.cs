namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>Which of AMD's two management libraries is asked.</summary>
internal enum AmdLibraryKind
{
    /// <summary><c>libamd_smi.so</c>.</summary>
    AmdSmi,

    /// <summary><c>librocm_smi64.so</c>, its predecessor.</summary>
    RocmSmi,
}

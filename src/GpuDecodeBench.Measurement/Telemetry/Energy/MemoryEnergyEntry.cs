namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>The energy of moving a bit.</summary>
internal sealed record MemoryEnergyEntry(double PicojoulesPerBit, string Memory, string Origin);

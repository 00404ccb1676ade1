namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>PCI Express by its transfers a second on one lane.</summary>
internal static class PcieSpeed
{
    /// <summary>The generation of a speed in GT/s; null for what is none.</summary>
    public static int? Generation(double gigatransfers) =>
        gigatransfers switch
        {
            >= 2 and < 3 => 1,
            >= 5 and < 6 => 2,
            >= 8 and < 9 => 3,
            >= 16 and < 17 => 4,
            >= 32 and < 33 => 5,
            >= 64 and < 65 => 6,
            _ => null,
        };
}

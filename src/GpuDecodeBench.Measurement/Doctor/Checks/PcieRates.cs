namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>What a PCI Express lane carries one way, by generation.</summary>
internal static class PcieRates
{
    /// <summary>
    /// Bytes per second and lane: 2.5 and 5 GT/s with 8b/10b codes, 8, 16 and 32 GT/s with 128b/130b, 64 GT/s with 242 of 256 bytes of
    /// a flit for data (PCI-SIG base specifications 1.0 to 6.0); null for a generation not listed.
    /// </summary>
    public static double? LaneBytesPerSecond(int generation) =>
        generation switch
        {
            1 => 2.5e9 * 8 / 10 / 8,
            2 => 5e9 * 8 / 10 / 8,
            3 => 8e9 * 128 / 130 / 8,
            4 => 16e9 * 128 / 130 / 8,
            5 => 32e9 * 128 / 130 / 8,
            6 => 64e9 * 242 / 256 / 8,
            _ => null,
        };
}
